# Shared by the launchers in this folder; sourced, never run. POSIX sh, and no process is started before java,
# because a short command is over in the time that a few forks take.
#
# launch NAME MAIN_CLASS ARGUMENTS...
#   NAME   the tool, whose jars and class-data archive are in tools/NAME/target/dist since the project was built
# The caller has set $self to its own path, symbolic links followed.

launch() {
  tool=$1
  main=$2
  shift 2

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

  # JAVA_OPTS is a list of words, so it is split on purpose; it comes last, so that it wins.
  set -f
  # shellcheck disable=SC2086
  exec "$java" -XX:+UseSerialGC -Xshare:auto -Xlog:disable ${archive:+"$archive"} "-Djava.library.path=$dist/native" \
    --enable-native-access=ALL-UNNAMED ${JAVA_OPTS-} -cp "$classpath" "$main" "$@"
}
