// Only marks the root of the module: each build names one of versions/*.mod with -modfile.
module ltxpeer

go 1.24
