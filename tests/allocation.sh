#!/bin/sh
# SPDX-License-Identifier: MIT
# All memory was there at link time: no object of core, apps or the port asks for more, neither
# itself nor through a C library's call that does. The exceptions are host names, in resolve.o, and
# converters of text, in encoding.o, which are open before serving begins.
# usage: allocation.sh FOLDER-OF-OBJECTS
objects=${1:?usage: allocation.sh FOLDER-OF-OBJECTS}
nm=${NM:-nm}
if ! command -v "${nm%% *}" >/dev/null 2>&1; then
    echo "0 passed, 0 failed, 1 skipped (no $nm here)"
    exit 0
fi

find "$objects/core" "$objects/apps" "$objects/port/posix" "$objects/port/lwip" -name '*.o' \
    2>/dev/null | sort | while read -r object; do
    echo "object ${object#"$objects"/}"
    $nm -P "$object"
done | awk '
BEGIN {
    split("malloc calloc realloc reallocarray free cfree strdup strndup asprintf vasprintf " \
        "posix_memalign aligned_alloc memalign valloc pvalloc alloca _Znwm brk sbrk mmap mmap64 " \
        "mremap shmat open_memstream fmemopen getline getdelim " \
        "fopen fopen64 fdopen freopen freopen64 tmpfile tmpfile64 popen fclose fflush " \
        "printf fprintf vprintf vfprintf dprintf vdprintf sprintf snprintf vsprintf vsnprintf " \
        "puts fputs putchar putc fputc fwrite fread fgets gets fgetc getc getchar perror setvbuf " \
        "scanf fscanf sscanf stdin stdout stderr " \
        "opendir fdopendir readdir readdir64 closedir scandir scandir64 nftw nftw64 ftw glob " \
        "wordexp realpath getcwd " \
        "getpwnam getpwuid getpwnam_r getpwuid_r getgrnam getgrgid getgrouplist initgroups " \
        "localtime localtime_r mktime tzset strftime strptime qsort qsort_r hsearch tsearch " \
        "syslog vsyslog openlog setlocale newlocale nl_langinfo " \
        "regcomp regexec dlopen dlsym pthread_create system atexit strerror strsignal " \
        "gethostbyname gethostbyaddr getservbyname getifaddrs if_nameindex", list, " ")
    for (i in list) {
        banned[list[i]] = 1
    }
    split("getaddrinfo freeaddrinfo gai_strerror getnameinfo", list, " ")
    for (i in list) {
        only[list[i]] = "resolve"
    }
    split("iconv_open iconv iconv_close", list, " ")
    for (i in list) {
        only[list[i]] = "encoding"
    }
}
$1 == "object" {
    object = $2
    count++
    next
}
$2 == "U" {
    name = $1
    sub(/^__isoc[0-9]*_/, "", name)
    if (name ~ /^__.*_chk$/) { # the checking form of a call
        sub(/^__/, "", name)
        sub(/_chk$/, "", name)
    }
    if (name in banned || (name in only && object != "port/posix/" only[name] ".o")) {
        source = object
        sub(/\.o$/, ".c", source)
        printf "%s:1: calls %s\n", source, $1
        if (!(object in bad)) {
            bad[object] = 1
            failed++
        }
    }
}
END {
    if (count == 0) {
        print "no objects here"
        failed = 1
    }
    print (count > failed ? count - failed : 0) " passed, " failed + 0 " failed"
    exit failed > 0
}'
