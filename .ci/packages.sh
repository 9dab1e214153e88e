#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs the distribution's packages that the wider checks use. Those that exist are taken; what a
# machine cannot have, the checks report as skipped.
set -u
export DEBIAN_FRONTEND=noninteractive
apt="apt-get -qq -o DPkg::Lock::Timeout=200 -o Acquire::Retries=2"

if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    echo "skipped: no apt-get here, or not root: what is installed is used"
    echo "1 passed, 0 failed, 1 skipped"
    exit 0
fi
$apt update || exit 1

# Servers are peers of our tests, which start and end them: none is to run as a service.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy
    trap 'rm -f $policy' EXIT
fi

# The compilers and libraries first, in one go; then each group on its own, so that one that is
# missing costs only its checks.
install() {
    # shellcheck disable=SC2086
    if $apt install -y --no-install-recommends "$@" >/dev/null 2>&1; then
        echo "installed: $*"
    else
        for package; do
            $apt install -y --no-install-recommends "$package" >/dev/null 2>&1 ||
                echo "not to be had: $package"
        done
    fi
}
install gcc libc6-dev make clang tcc binutils strace iproute2 procps
version=$(clang --version 2>/dev/null | sed -n 's/.*clang version \([0-9]*\).*/\1/p')
install "libclang-rt-${version:-14}-dev" afl++
install netcat-openbsd netcat-traditional ncat socat curl wget busybox inetutils-telnet
install nginx-light lighttpd python3 aria2 tmux
install chromium
for group in $(sh boards/packages.sh); do
    # shellcheck disable=SC2046
    install $(sh boards/packages.sh "$group")
done
command -v gcc >/dev/null && command -v make >/dev/null || exit 1
echo "1 passed, 0 failed"
