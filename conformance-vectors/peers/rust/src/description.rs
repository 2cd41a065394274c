//! The content of an LTX file without its form, one "name value" pair a line.

use std::error::Error;
use std::fmt;
use std::fs;
use std::time::{Duration, UNIX_EPOCH};

#[derive(Default)]
pub struct Description {
    flags: u32,
    pub page_size: u32,
    commit: u32,
    min_txid: u64,
    max_txid: u64,
    timestamp_millis: i64,
    pre_apply: u64,
    pub post_apply: u64,
    pub pages: Vec<u32>,
}

impl Description {
    pub fn read(path: &str) -> Result<Description, Box<dyn Error>> {
        let mut d = Description::default();
        for line in fs::read_to_string(path)?.lines() {
            let (name, value) = line.split_once(' ').ok_or("want \"name value\"")?;
            d.set(name, value).map_err(|e| format!("{path}: {line}: {e}"))?;
        }
        Ok(d)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Box<dyn Error>> {
        let hex = || u64::from_str_radix(value, 16);
        match name {
            "flags" => self.flags = value.parse()?,
            "pageSize" => self.page_size = value.parse()?,
            "commit" => self.commit = value.parse()?,
            "minTXID" => self.min_txid = hex()?,
            "maxTXID" => self.max_txid = hex()?,
            "timestampMillis" => self.timestamp_millis = value.parse()?,
            "preApplyChecksum" => self.pre_apply = hex()?,
            "postApplyChecksum" => self.post_apply = hex()?,
            "page" => self.pages.push(value.parse()?),
            // The crate's header has no such fields: it writes zeros and does not read them.
            "walOffset" | "walSize" | "walSalt1" | "walSalt2" | "nodeID" if hex()? == 0 => {}
            _ => return Err("litetx has no such field".into()),
        }
        Ok(())
    }

    pub fn header(&self) -> Result<litetx::Header, Box<dyn Error>> {
        Ok(litetx::Header {
            flags: litetx::HeaderFlags::from_bits(self.flags).ok_or("unknown flags")?,
            page_size: litetx::PageSize::new(self.page_size)?,
            commit: litetx::PageNum::new(self.commit)?,
            min_txid: litetx::TXID::new(self.min_txid)?,
            max_txid: litetx::TXID::new(self.max_txid)?,
            timestamp: UNIX_EPOCH + Duration::from_millis(self.timestamp_millis.try_into()?),
            pre_apply_checksum: (self.pre_apply != 0).then(|| litetx::Checksum::new(self.pre_apply)),
        })
    }

    pub fn of(header: &litetx::Header) -> Result<Description, Box<dyn Error>> {
        Ok(Description {
            flags: header.flags.bits(),
            page_size: header.page_size.into_inner(),
            commit: header.commit.into_inner(),
            min_txid: header.min_txid.into_inner(),
            max_txid: header.max_txid.into_inner(),
            timestamp_millis: header.timestamp.duration_since(UNIX_EPOCH)?.as_millis().try_into()?,
            pre_apply: header.pre_apply_checksum.map_or(0, |c| c.into_inner()),
            post_apply: 0,
            pages: Vec::new(),
        })
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "flags {}\npageSize {}\ncommit {}", self.flags, self.page_size, self.commit)?;
        writeln!(f, "minTXID {:016x}\nmaxTXID {:016x}", self.min_txid, self.max_txid)?;
        writeln!(f, "timestampMillis {}", self.timestamp_millis)?;
        writeln!(f, "preApplyChecksum {:016x}", self.pre_apply)?;
        // Not in the crate's header; printed so that the lines are those of the Go programs.
        writeln!(f, "walOffset 0\nwalSize 0\nwalSalt1 0\nwalSalt2 0\nnodeID {:016x}", 0)?;
        writeln!(f, "postApplyChecksum {:016x}", self.post_apply)?;
        self.pages.iter().try_for_each(|p| writeln!(f, "page {p}"))
    }
}
