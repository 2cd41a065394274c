meta:
  id: ltx
  title: LTX, transactions of a SQLite database
  application:
    - ltx-java
    - Litestream
    - LiteFS
  file-extension: ltx
  license: Apache-2.0
  ks-version: '0.11'
  endian: be
doc: |
  The five layouts of LTX files: v1-raw, v1-lz4, v2, v3-frame, v3-block. None is named in the file;
  the instance `layout` tells them apart by structure, which holds for intact files below 4 GiB.

  This describes where everything is. It does not decompress (LZ4 frames and blocks are taken apart
  no further than their own headers) and it does not check checksums. What it can check with little
  effort it does, through `valid`, so most files of wrong structure are refused. Skippable LZ4
  frames and the extension zstd-pages are left out.
doc-ref: FORMAT.md
seq:
  - id: header
    type: header
    size: 100
  - id: compressed_page_block
    type: lz4_frame
    if: layout == layout::v1_lz4
    doc: Decompresses to frames of the form of v1_raw and their end marker.
  - id: frames
    type: frame
    repeat: until
    repeat-until: _.page_number == 0
    if: layout != layout::v1_lz4
    doc: The last one is the end marker.
  - id: index
    type: page_index
    if: has_index
  - id: index_size
    type: u8
    valid:
      expr: _ == index.len
    if: has_index
  - id: trailer
    type: trailer
    size: 16
  - id: nothing
    size-eos: true
    valid:
      expr: _.length == 0
    doc: Nothing follows the trailer.
instances:
  tail:
    pos: _io.size - 24
    type: u8
    doc: The index size of v2 and v3; the end of the page block and the end marker of v1-raw.
  is_v1:
    value: header.compress_lz4 or (tail & 0xffff_ffff) == 0
  has_index:
    value: not is_v1
  ofs_index:
    value: (_io.size - 24 - tail).as<s8>
  index_from_tail:
    pos: ofs_index
    type: page_index
    if: has_index
  ofs_end_marker:
    value: >-
      (index_from_tail.entries.size == 1 ? 100
      : (index_from_tail.entries[index_from_tail.entries.size - 2].frame_offset.value
         + index_from_tail.entries[index_from_tail.entries.size - 2].frame_size.value)).as<s8>
    doc: Where the last frame ends. The last entry of the index is its end, the one before is the last page.
  len_end_marker:
    value: '(is_v1 ? 4 : ofs_index - ofs_end_marker).as<s8>'
  first_page_flags:
    pos: 104
    type: u2
    doc: Of v3. In a file without pages these are the last two bytes of the end marker.
  is_frame_form:
    value: ofs_end_marker != 100 and (first_page_flags & 1) == 0
  layout:
    value: >-
      is_v1 ? (header.compress_lz4 ? layout::v1_lz4 : layout::v1_raw)
      : len_end_marker == 4 ? layout::v2
      : len_end_marker == 6 ? (is_frame_form ? layout::v3_frame : layout::v3_block)
      : layout::unknown
enums:
  layout:
    0: unknown
    1: v1_raw
    2: v1_lz4
    3: v2
    4: v3_frame
    5: v3_block
types:
  header:
    seq:
      - id: magic
        contents: LTX1
      - id: flags
        type: u4
        valid:
          expr: _ == 0 or _ == 1 or _ == 2
      - id: page_size
        type: u4
        valid:
          any-of: [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536]
      - id: commit
        type: u4
        valid:
          max: 4294967294
      - id: min_txid
        type: u8
        valid:
          expr: _ != 0
      - id: max_txid
        type: u8
        valid:
          expr: _ != 0
      - id: timestamp
        type: s8
        doc: Milliseconds since 1970-01-01T00:00:00Z.
      - id: pre_apply_checksum
        type: u8
        valid:
          expr: 'is_snapshot or no_checksum ? _ == 0 : (_ >> 63) != 0'
      - id: wal_offset
        type: s8
        valid:
          min: 0
      - id: wal_size
        type: s8
        valid:
          min: 0
      - id: wal_salt1
        type: u4
      - id: wal_salt2
        type: u4
      - id: node_id
        type: u8
      - id: reserved
        size: 20
    instances:
      compress_lz4:
        value: (flags & 1) != 0
      no_checksum:
        value: (flags & 2) != 0
      is_snapshot:
        value: min_txid == 1
      lock_page:
        value: 1073741824 / page_size + 1
  frame:
    doc: |
      A page of any layout but v1-lz4. With page number 0 it is the end marker and has nothing but
      its page header.
    seq:
      - id: start
        size: 0
        if: ofs >= 0
      - id: page_number
        type: u4
        valid:
          expr: _ <= _root.header.commit and _ != _root.header.lock_page
      - id: flags
        type: u2
        if: has_flags
        valid:
          expr: _ == 0 or (_ == 1 and page_number != 0)
      - id: len_lz4_block
        type: u4
        if: is_block
        doc: payloadSize in the text.
        valid:
          min: 1
          max: _root.header.page_size + _root.header.page_size / 255 + 16
      - id: lz4_block
        size: len_lz4_block
        if: is_block
      - id: lz4_frame
        type: lz4_frame
        if: is_lz4_frame
      - id: page
        size: _root.header.page_size
        if: is_raw
      - id: end
        size: 0
        if: ofs_end >= 0
    instances:
      ofs:
        value: _io.pos.as<s8>
        doc: Where the frame starts in the file; what the index calls its offset.
      ofs_end:
        value: _io.pos.as<s8>
      len:
        value: (ofs_end - ofs).as<s8>
        doc: Bytes of the whole frame; what the index calls its size.
      has_flags:
        value: _root.layout == layout::v3_frame or _root.layout == layout::v3_block
      is_block:
        value: has_flags and page_number != 0 and (flags & 1) != 0
      is_raw:
        value: _root.layout == layout::v1_raw and page_number != 0
      is_lz4_frame:
        value: page_number != 0 and not is_block and not is_raw
  page_index:
    seq:
      - id: start
        size: 0
        if: ofs >= 0
      - id: entries
        type: index_entry
        repeat: until
        repeat-until: _.page_number.value == 0
        doc: The last one has page number 0 and nothing else.
      - id: end
        size: 0
        if: ofs_end >= 0
    instances:
      ofs:
        value: _io.pos.as<s8>
      ofs_end:
        value: _io.pos.as<s8>
      len:
        value: (ofs_end - ofs).as<s8>
  index_entry:
    seq:
      - id: page_number
        type: varint
      - id: frame_offset
        type: varint
        if: page_number.value != 0
      - id: frame_size
        type: varint
        if: page_number.value != 0
  varint:
    doc: Unsigned LEB128 of minimal length, at most 64 bits.
    seq:
      - id: groups
        type: 'varint_group(_index, _index == 0 ? 1 : groups[_index - 1].factor * 128, _index == 0 ? 0 : groups[_index - 1].sum)'
        repeat: until
        repeat-until: not _.has_next
    instances:
      value:
        value: groups.last.sum
  varint_group:
    params:
      - id: number
        type: s4
      - id: factor
        type: u8
      - id: sum_before
        type: u8
    seq:
      - id: has_next
        type: b1
        valid:
          expr: not _ or number < 9
      - id: bits
        type: b7
        valid:
          expr: (number < 9 or _ == 1) and (number == 0 or has_next or _ != 0)
    instances:
      sum:
        value: (sum_before + bits * factor).as<u8>
  trailer:
    seq:
      - id: post_apply_checksum
        type: u8
        valid:
          expr: '_root.header.no_checksum ? _ == 0 : (_ >> 63) != 0'
      - id: file_checksum
        type: u8
        valid:
          expr: (_ >> 63) != 0
  lz4_frame:
    doc-ref: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
    seq:
      - id: magic
        contents: [0x04, 0x22, 0x4d, 0x18]
      - id: version
        type: b2
        valid: 1
      - id: independent_blocks
        type: b1
      - id: has_block_checksums
        type: b1
      - id: has_content_size
        type: b1
      - id: has_content_checksum
        type: b1
      - id: reserved1
        type: b1
        valid: false
      - id: has_dictionary
        type: b1
        valid: false
      - id: reserved2
        type: b1
        valid: false
      - id: block_size_code
        type: b3
        valid:
          min: 4
      - id: reserved3
        type: b4
        valid: 0
      - id: content_size
        type: u8le
        if: has_content_size
      - id: header_check
        type: u1
      - id: blocks
        type: lz4_data_block(has_block_checksums, 1 << (8 + 2 * block_size_code))
        repeat: until
        repeat-until: _.size_field == 0
        doc: The last one is the end mark.
      - id: content_checksum
        type: u4le
        if: has_content_checksum
  lz4_data_block:
    params:
      - id: has_checksum
        type: bool
      - id: max_size
        type: u4
    seq:
      - id: size_field
        type: u4le
        valid:
          expr: (_ & 0x7fff_ffff) <= max_size
      - id: data
        size: len_data
      - id: checksum
        type: u4le
        if: has_checksum and size_field != 0
    instances:
      len_data:
        value: size_field & 0x7fff_ffff
      is_stored:
        value: (size_field & 0x8000_0000) != 0
