module ltxpeer

go 1.24

require github.com/superfly/ltx v0.4.0

// The version that this release of ltx was made with. Newer ones look ahead for another frame.
require github.com/pierrec/lz4/v4 v4.1.22 // indirect
