# Shared by the launchers in this folder; sourced, never run. POSIX sh, and hardly a process is started before java,
# because a short command is over in the time that a few forks take.
#
# launch NAME MAIN_CLASS COMPILERS ARGUMENTS...
#   NAME       the tool, whose jars and class-data archive are in tools/NAME/target/dist since the project was built
#   COMPILERS  all, or first-if-small: see is_small
# The caller has set $self to its own path, symbolic links followed.

# Tells whether all that the command line names is files below 1 GiB. Then the first compiler alone is faster: on 512 MiB
# the second one takes a quarter of a second of two processors and is done when the work nearly is.
is_small() {
  # It runs for months, on a file that is small today.
  [ "${1-}" != replicate ] || return 1
  for argument; do
    shift
    case $argument in
      # What the first compiler makes of SHA-256 is six times as slow.
      *-digest*) return 1 ;;
    esac
    [ ! -d "$argument" ] || return 1
    [ -f "$argument" ] || continue
    # A name such as -delete would be a command to find.
    case $argument in
      /*) set -- "$@" "$argument" ;;
      *) set -- "$@" "./$argument" ;;
    esac
  done
  [ $# -gt 0 ] || return 0
  large=$(find -L "$@" -size +2097152 2>/dev/null) && [ -z "$large" ]
}

launch() {
  tool=$1
  main=$2
  compilers=$3
  shift 3

  bin=${self%/*}
  [ "$bin" != "$self" ] || bin=.
  dist=$bin/../tools/$tool/target/dist
  if [ ! -f "$dist/classpath" ]; then
    echo "${self##*/}: the project is not built yet. Run this once, from its root: ./mvnw -Pquick package" >&2
    exit 3
  fi
  # Absolute, because the class-data archive remembers the class path it was made with.
  dist=$(cd "$dist" && pwd -P) || exit 3
  read -r jars <"$dist/classpath"

  classpath=
  for jar in $jars; do
    classpath=$classpath${classpath:+:}$dist/lib/$jar
  done

  if [ -n "${JAVA_HOME-}" ]; then
    java=$JAVA_HOME/bin/java
    if [ ! -x "$java" ]; then
      echo "${self##*/}: JAVA_HOME is $JAVA_HOME, which has no bin/java. Set it to a JDK or JRE 17 or newer, or unset it." >&2
      exit 3
    fi
  else
    if ! java=$(command -v java); then
      echo "${self##*/}: there is no java on the PATH. Install a JDK or JRE 17 or newer, or set JAVA_HOME." >&2
      exit 3
    fi
  fi

  # Only the JVM that made the archive can use it; another would leave its own aside, and start at half the speed.
  archive=
  if [ -f "$dist/archive-of" ]; then
    read -r maker <"$dist/archive-of"
    # In POSIX since 2024, and in every shell that people have; where it fails, so does the comparison.
    # shellcheck disable=SC3013
    if [ "$java" -ef "$maker" ] 2>/dev/null; then
      archive=-XX:SharedArchiveFile=$dist/$tool.jsa
    fi
  fi

  flags="-XX:+UseSerialGC -Xshare:auto -Xlog:disable"
  if [ "$compilers" = first-if-small ] && is_small "$@"; then
    flags="$flags -XX:TieredStopAtLevel=1"
  fi

  # JAVA_OPTS is a list of words, so it is split on purpose; it comes last, so that it wins.
  set -f
  # shellcheck disable=SC2086
  exec "$java" $flags ${archive:+"$archive"} "-Djava.library.path=$dist/native" \
    --enable-native-access=ALL-UNNAMED ${JAVA_OPTS-} -cp "$classpath" "$main" "$@"
}
