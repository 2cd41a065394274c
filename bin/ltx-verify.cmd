@echo off
setlocal
set "DIST=%~dp0..\tools\ltx-verify\target\dist"
if not exist "%DIST%\classpath" (
  echo ltx-verify: the project is not built yet. Run this once, from its root: mvnw -Pquick package 1>&2
  exit /b 3
)
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" -XX:+UseSerialGC -Xshare:auto -Xlog:disable "-XX:SharedArchiveFile=%DIST%\ltx-verify.jsa" "-Djava.library.path=%DIST%\native" --enable-native-access=ALL-UNNAMED %JAVA_OPTS% -cp "%DIST%\lib\*" io.github.ltxjava.tools.verify.VerifyMain %*
exit /b %ERRORLEVEL%
