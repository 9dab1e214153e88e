# SPDX-License-Identifier: MIT
# For the wire tests, to be read by "."; tree_make FOLDER makes what file-get serves in them:
# FOLDER/root, and FOLDER/outside.txt, which nobody must ever get.

tree_make() {
    root=$1/root
    mkdir -p "$root/sub/deep" "$root/plain" "$root/.well-known" "$root/closed" "$1/next"
    echo 'LEAKED' > "$1/outside.txt"
    echo 'LEAKED' > "$1/next/outside.txt"
    printf 'hello, world\n' > "$root/hello.txt"
    : > "$root/empty.txt"
    echo 'with space' > "$root/with space.txt"
    echo 'utf-8' > "$root/$(printf '\345\220\215').txt"
    echo 'gbk' > "$root/$(printf '\327\326').txt"
    echo 'percent' > "$root/100%.txt"
    echo 'dots' > "$root/a..b"
    echo 'three dots' > "$root/..."
    echo 'plus' > "$root/a+b.txt"
    echo '<p>index</p>' > "$root/sub/index.html"
    echo 'deep' > "$root/sub/deep/file.txt"
    echo 'listed' > "$root/plain/a.txt"
    echo 'listed' > "$root/plain/x&<b>\"y.txt"
    mkdir "$root/plain/folder"
    echo 'LEAKED' > "$root/.hidden"
    echo 'known' > "$root/.well-known/security.txt"
    echo 'LEAKED' > "$root/secret.txt"
    echo 'LEAKED' > "$root/group.txt"
    echo 'LEAKED' > "$root/closed/file.txt"
    TZ=UTC0 touch -t 200102030405.06 "$root/hello.txt"
    for year in 1901 1969 2038 2446; do # as far as the file system goes
        echo "$year" > "$root/year-$year.txt"
        TZ=UTC0 touch -t "${year}12312359.59" "$root/year-$year.txt" 2>/dev/null
    done
    echo 'far' > "$root/far.txt"
    TZ=UTC0 touch -t 204002030405.06 "$root/far.txt"
    ln -s hello.txt "$root/link-in"
    ln -s link-in "$root/link-chain"
    ln -s sub "$root/link-folder"
    ln -s ../outside.txt "$root/link-out"
    ln -s "$1/outside.txt" "$root/link-absolute"
    ln -s .. "$root/link-up"
    ln -s link-up/outside.txt "$root/link-chain-out"
    ln -s loop "$root/loop"
    ln -s /proc/self/environ "$root/link-proc"
    mkfifo "$root/pipe"
    "$BIN/talk" --random 300000 1 > "$root/data.bin"
    "$BIN/talk" --random 20000000 5 > "$root/large.bin"
    # 5 GB of which nothing lies on the disk but the two ends
    printf 'BEGIN' > "$root/big.bin"
    printf 'END' | dd of="$root/big.bin" bs=1 seek=5368709120 conv=notrunc 2>/dev/null
    chmod -R a+rX "$1"
    chmod 600 "$root/secret.txt"
    chmod 640 "$root/group.txt"
    chmod 700 "$root/closed"
}
