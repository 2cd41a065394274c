package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/superfly/ltx"
)

// outcome is what a work gives: something both sides agree on, and the size of what was written.
type outcome struct {
	result string
	size   int64
}

// prepared does the work once; preparing is not timed.
type prepared func() (outcome, error)

var works = map[string]func(threads int, args []string) (prepared, error){
	"encode":   encodeWork,
	"decode":   decodeWork,
	"checksum": checksumWork,
	"merge":    mergeWork,
	"open":     openWork,
	"pages":    pagesWork,
	"restore":  restoreWork,
}

func work(fields []string) (string, error) {
	switch fields[0] {
	case "forget":
		clear(loaded)
		debug.FreeOSMemory()
		return "ok", os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
	case "peak":
		return peak()
	case "version":
		return "ok\t" + runtime.Version(), nil
	}
	prepare, threads, repetitions, err := request(fields)
	if err != nil {
		return "", err
	}
	do, err := prepare(threads, fields[3:])
	if err != nil || do == nil {
		return "none", err
	}
	var last outcome
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpuBefore, start := cpu(), time.Now()
	for range repetitions {
		if last, err = do(); err != nil {
			return "", err
		}
	}
	nanos, cpuNanos := time.Since(start).Nanoseconds(), cpu()-cpuBefore
	runtime.ReadMemStats(&after)
	allocated := (after.TotalAlloc - before.TotalAlloc) / uint64(repetitions)
	return fmt.Sprintf("ok\t%d\t%d\t%d\t%s\t%d", nanos, cpuNanos, allocated, last.result, last.size), nil
}

// cpu is what all threads of this process have used, in nanoseconds.
func cpu() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func request(fields []string) (prepare func(int, []string) (prepared, error), threads, repetitions int, err error) {
	prepare = works[fields[0]]
	if prepare == nil || len(fields) < 4 {
		return nil, 0, 0, fmt.Errorf("unknown work or too few fields: %q", fields)
	}
	if threads, err = strconv.Atoi(fields[1]); err != nil {
		return nil, 0, 0, err
	}
	repetitions, err = strconv.Atoi(fields[2])
	return prepare, threads, repetitions, err
}

// peak tells the highest resident memory since the last "forget".
func peak() (string, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "", err
	}
	for _, line := range strings.Split(string(status), "\n") {
		if kilobytes, found := strings.CutPrefix(line, "VmHWM:"); found {
			return "ok\t" + strings.TrimSpace(strings.TrimSuffix(kilobytes, "kB")), nil
		}
	}
	return "", fmt.Errorf("no VmHWM in /proc/self/status")
}

// loaded are the files that works have in memory.
var loaded = map[string][]byte{}

func load(path string) ([]byte, error) {
	if data, found := loaded[path]; found {
		return data, nil
	}
	data, err := os.ReadFile(path)
	if err == nil {
		loaded[path] = data
	}
	return data, err
}

// encodeWork encodes a snapshot from pages in memory, as "ltx encode-db" does, to an output that discards it.
func encodeWork(threads int, args []string) (prepared, error) {
	if threads > 1 {
		return nil, nil
	}
	db, err := load(args[0])
	if err != nil {
		return nil, err
	}
	return func() (outcome, error) {
		enc, err := encodeSnapshot(io.Discard, db)
		if err != nil {
			return outcome{}, err
		}
		return outcome{enc.Trailer().PostApplyChecksum.String(), enc.N()}, nil
	}, nil
}

func pageSizeOf(db []byte) uint32 {
	pageSize := uint32(binary.BigEndian.Uint16(db[16:]))
	if pageSize == 1 {
		return 65536
	}
	return pageSize
}

func encodeSnapshot(w io.Writer, db []byte) (*ltx.Encoder, error) {
	pageSize := pageSizeOf(db)
	commit := uint32(len(db) / int(pageSize))
	enc, err := ltx.NewEncoder(w)
	if err != nil {
		return nil, err
	}
	if err := enc.EncodeHeader(ltx.Header{
		Version:   ltx.Version,
		PageSize:  pageSize,
		Commit:    commit,
		MinTXID:   1,
		MaxTXID:   1,
		Timestamp: 1000,
	}); err != nil {
		return nil, err
	}
	var postApply ltx.Checksum
	for pgno := uint32(1); pgno <= commit; pgno++ {
		if pgno == ltx.LockPgno(pageSize) {
			continue
		}
		page := db[int64(pgno-1)*int64(pageSize):][:pageSize]
		if err := enc.EncodePage(ltx.PageHeader{Pgno: pgno}, page); err != nil {
			return nil, err
		}
		postApply = ltx.ChecksumFlag | (postApply ^ ltx.ChecksumPage(pgno, page))
	}
	enc.SetPostApplyChecksum(postApply)
	return enc, enc.Close()
}

// decodeWork decodes and verifies a file that is in memory.
func decodeWork(threads int, args []string) (prepared, error) {
	if threads > 1 {
		return nil, nil
	}
	file, err := load(args[0])
	if err != nil {
		return nil, err
	}
	return func() (outcome, error) {
		dec := ltx.NewDecoder(bytes.NewReader(file))
		if err := dec.Verify(); err != nil {
			return outcome{}, err
		}
		return outcome{dec.Trailer().PostApplyChecksum.String(), int64(dec.PageN())}, nil
	}, nil
}

// checksumWork checksums a whole database file that is in the page cache.
func checksumWork(threads int, args []string) (prepared, error) {
	head, err := readHead(args[0])
	if err != nil {
		return nil, err
	}
	pageSize := pageSizeOf(head)
	info, err := os.Stat(args[0])
	if err != nil {
		return nil, err
	}
	pages := uint32(info.Size() / int64(pageSize))
	return func() (outcome, error) {
		sums := make([]ltx.Checksum, pages)
		if _, err := ltx.ChecksumPages(args[0], pageSize, pages, uint32(threads), sums); err != nil {
			return outcome{}, err
		}
		var sum ltx.Checksum
		for _, s := range sums {
			sum = ltx.ChecksumFlag | (sum ^ s)
		}
		return outcome{sum.String(), 0}, nil
	}, nil
}

func readHead(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, 100)
	_, err = io.ReadFull(f, head)
	return head, err
}

// mergeWork merges the first files of a folder, in memory, to an output that discards the result.
func mergeWork(threads int, args []string) (prepared, error) {
	if threads > 1 {
		return nil, nil
	}
	var files [][]byte
	for _, path := range args {
		file, err := load(path)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return func() (outcome, error) {
		var readers []io.Reader
		for _, file := range files {
			readers = append(readers, bytes.NewReader(file))
		}
		var size counter
		c, err := merge(&size, readers)
		if err != nil {
			return outcome{}, err
		}
		return outcome{c.Trailer().PostApplyChecksum.String(), int64(size)}, nil
	}, nil
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func merge(w io.Writer, readers []io.Reader) (*ltx.Compactor, error) {
	c, err := ltx.NewCompactor(w, readers)
	if err != nil {
		return nil, err
	}
	return c, c.Compact(context.Background())
}

// openWork reads the index of a file by range, and looks up a thousand pages.
func openWork(threads int, args []string) (prepared, error) {
	if threads > 1 {
		return nil, nil
	}
	return func() (outcome, error) {
		f, err := os.Open(args[0])
		if err != nil {
			return outcome{}, err
		}
		defer f.Close()
		index, err := readIndex(f)
		if err != nil {
			return outcome{}, err
		}
		var sum int64
		for _, pgno := range randomPages(len(index)) {
			sum += index[pgno].Offset
		}
		return outcome{strconv.FormatInt(sum, 10), int64(len(index))}, nil
	}, nil
}

// readIndex finds and decodes the page index at the end of a file.
func readIndex(f *os.File) (map[uint32]ltx.PageIndexElem, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	sizeField := make([]byte, 8)
	end := info.Size() - ltx.TrailerSize
	if _, err := f.ReadAt(sizeField, end-8); err != nil {
		return nil, err
	}
	size := int64(binary.BigEndian.Uint64(sizeField))
	section := io.NewSectionReader(f, end-8-size, size+8)
	return ltx.DecodePageIndex(bufio.NewReader(section), 0, 1, 1)
}

// randomPages are the same on both sides.
func randomPages(count int) []uint32 {
	pages := make([]uint32, 1000)
	state := uint32(1)
	for i := range pages {
		state = state*1664525 + 1013904223
		pages[i] = uint32(uint64(state)*uint64(count)>>32) + 1
	}
	return pages
}

// pagesWork reads a thousand random pages through an index that has been read before.
func pagesWork(threads int, args []string) (prepared, error) {
	if threads > 1 {
		return nil, nil
	}
	f, err := os.Open(args[0])
	if err != nil {
		return nil, err
	}
	index, err := readIndex(f)
	if err != nil {
		return nil, err
	}
	pages := randomPages(len(index))
	return func() (outcome, error) {
		var sum uint64
		for _, pgno := range pages {
			elem := index[pgno]
			frame := make([]byte, elem.Size)
			if _, err := f.ReadAt(frame, elem.Offset); err != nil {
				return outcome{}, err
			}
			_, data, err := ltx.DecodePageData(frame)
			if err != nil {
				return outcome{}, err
			}
			sum += uint64(data[len(data)-1]) + uint64(len(data))
		}
		return outcome{strconv.FormatUint(sum, 10), 0}, nil
	}, nil
}

// restoreWork restores the files of a folder to a database: merged on the fly and decoded, as Litestream does.
func restoreWork(threads int, args []string) (prepared, error) {
	if threads > 1 {
		return nil, nil
	}
	return func() (outcome, error) {
		paths, err := filepath.Glob(filepath.Join(args[0], "ltx", "?", "*.ltx"))
		if err != nil {
			return outcome{}, err
		}
		sort.Slice(paths, func(i, j int) bool { return filepath.Base(paths[i]) < filepath.Base(paths[j]) })
		sum, err := restore(paths, args[1])
		return outcome{sum, 0}, err
	}, nil
}

func restore(paths []string, target string) (string, error) {
	var readers []io.Reader
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return "", err
		}
		defer f.Close()
		readers = append(readers, bufio.NewReader(f))
	}
	temporary := target + ".tmp"
	out, err := os.Create(temporary)
	if err != nil {
		return "", err
	}
	defer out.Close()
	pr, pw := io.Pipe()
	go func() {
		_, err := merge(pw, readers)
		_ = pw.CloseWithError(err)
	}()
	dec := ltx.NewDecoder(pr)
	if err := dec.DecodeDatabaseTo(out); err != nil {
		return "", err
	}
	if err := out.Sync(); err != nil {
		return "", err
	}
	return dec.Trailer().PostApplyChecksum.String(), os.Rename(temporary, target)
}

func mergeFiles(out string, paths []string) error {
	var readers []io.Reader
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		readers = append(readers, bufio.NewReader(f))
	}
	temporary := out + ".tmp"
	f, err := os.Create(temporary)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	if _, err := merge(w, readers); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return os.Rename(temporary, out)
}
