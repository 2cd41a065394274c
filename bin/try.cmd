@echo off
rem Shows what ltx-java does on a real SQLite database; bin/try says more.
setlocal
set "ROOT=%~dp0.."
set "DIST=%ROOT%\tools\ltx-demo\target\dist"
if not exist "%DIST%\classpath" (
  echo Building ltx-java, without its tests: a minute or so, the first time only...
  pushd "%ROOT%" && call mvnw.cmd -B -q -Pquick package -pl tools/ltx-demo,tools/ltx -am || exit /b 3
  popd
)
if exist "%ROOT%\target\try" rmdir /s /q "%ROOT%\target\try"
if not exist "%ROOT%\target" mkdir "%ROOT%\target"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" --enable-native-access=ALL-UNNAMED %JAVA_OPTS% -cp "%DIST%\lib\*" io.github.ltxjava.tools.demo.DemoMain "%ROOT%\target\try" %*
exit /b %ERRORLEVEL%
