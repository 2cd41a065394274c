package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/superfly/ltx"
)

// description is the content of an LTX file without its form: what goes in, or what came out.
type description struct {
	header    ltx.Header
	postApply uint64
	pages     []uint32 // page numbers, in file order
}

// readDescription parses a description, one "name value" pair a line.
func readDescription(path string) (*description, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	d := &description{header: ltx.Header{Version: ltx.Version}}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		name, value, ok := strings.Cut(lines.Text(), " ")
		if !ok {
			return nil, fmt.Errorf("%s:%d: want \"name value\"", path, n)
		}
		if err := d.set(name, value); err != nil {
			return nil, fmt.Errorf("%s:%d: %s: %w", path, n, name, err)
		}
	}
	return d, lines.Err()
}

func (d *description) set(name, value string) error {
	switch name {
	case "timestampMillis", "walOffset", "walSize":
		v, err := strconv.ParseInt(value, 10, 64)
		switch name {
		case "timestampMillis":
			d.header.Timestamp = v
		case "walOffset":
			d.header.WALOffset = v
		default:
			d.header.WALSize = v
		}
		return err
	case "minTXID", "maxTXID", "preApplyChecksum", "nodeID", "postApplyChecksum":
		v, err := strconv.ParseUint(value, 16, 64)
		switch name {
		case "minTXID":
			d.header.MinTXID = ltx.TXID(v)
		case "maxTXID":
			d.header.MaxTXID = ltx.TXID(v)
		case "preApplyChecksum":
			d.header.PreApplyChecksum = ltx.Checksum(v)
		case "nodeID":
			d.header.NodeID = v
		default:
			d.postApply = v
		}
		return err
	}
	v, err := strconv.ParseUint(value, 10, 32)
	switch name {
	case "flags":
		d.header.Flags = uint32(v)
	case "pageSize":
		d.header.PageSize = uint32(v)
	case "commit":
		d.header.Commit = uint32(v)
	case "walSalt1":
		d.header.WALSalt1 = uint32(v)
	case "walSalt2":
		d.header.WALSalt2 = uint32(v)
	case "page":
		d.pages = append(d.pages, uint32(v))
	default:
		return fmt.Errorf("unknown name")
	}
	return err
}

func (d *description) writeTo(path string) error {
	var b bytes.Buffer
	h := d.header
	fmt.Fprintf(&b, "flags %d\npageSize %d\ncommit %d\n", h.Flags, h.PageSize, h.Commit)
	fmt.Fprintf(&b, "minTXID %016x\nmaxTXID %016x\n", uint64(h.MinTXID), uint64(h.MaxTXID))
	fmt.Fprintf(&b, "timestampMillis %d\npreApplyChecksum %016x\n", h.Timestamp, uint64(h.PreApplyChecksum))
	fmt.Fprintf(&b, "walOffset %d\nwalSize %d\n", h.WALOffset, h.WALSize)
	fmt.Fprintf(&b, "walSalt1 %d\nwalSalt2 %d\nnodeID %016x\n", h.WALSalt1, h.WALSalt2, h.NodeID)
	fmt.Fprintf(&b, "postApplyChecksum %016x\n", d.postApply)
	for _, pgno := range d.pages {
		fmt.Fprintf(&b, "page %d\n", pgno)
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
