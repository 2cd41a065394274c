@echo off
setlocal
set "DIST=%~dp0..\tools\ltx-dump\target\dist"
if not exist "%DIST%\classpath" (
  echo ltx-dump: the project is not built yet. Run this once, from its root: mvnw -Pquick package 1>&2
  exit /b 3
)
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" -XX:+UseSerialGC -Xshare:auto -Xlog:disable "-XX:SharedArchiveFile=%DIST%\ltx-dump.jsa" "-Djava.library.path=%DIST%\native" --enable-native-access=ALL-UNNAMED %JAVA_OPTS% -cp "%DIST%\lib\*" io.github.ltxjava.tools.dump.DumpMain %*
exit /b %ERRORLEVEL%
