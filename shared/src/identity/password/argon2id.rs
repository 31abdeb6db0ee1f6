//! argon2 in reused memory.
//!
//! The crate's own calls allocate memory for each hash. The 46 MB of a hash are
//! 11,500 pages, which the kernel clears and maps one by one: 32 ms of CPU of 82,
//! more than the hash itself takes with vector instructions. So the process keeps the
//! memory, and clears it (4 ms): remains of a hash would let an attacker who reads
//! them try passwords at a fraction of the cost.

use std::sync::{Mutex, PoisonError};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        self,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};

/// Buffers that the process keeps: a function handles one request at a time, the
/// local platform as many hashes as it has cores.
const KEPT: usize = 2;

/// Maximum size of a kept buffer, in blocks: more than a new hash takes. Imported
/// hashes can take 256 MiB, which is freed.
const LARGEST_KEPT: usize = 64 * 1024;

static FREE: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// Hashes with argon2id and the current version.
pub(super) fn hash(text: &str, salt: &[u8], params: &Params) -> password_hash::Result<PasswordHash> {
    let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
    Ok(PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(params)?,
        salt: Some(Salt::new(salt)?),
        hash: Some(output(algorithm, version, params, text, salt)?),
    })
}

/// True if `text` has this hash, of any variant and cost of argon2.
pub(super) fn verify(text: &str, hash: &PasswordHash) -> password_hash::Result<bool> {
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else { return Ok(false) };
    let algorithm = Algorithm::try_from(hash.algorithm.as_str())?;
    // The reference implementation omits the version for version 16.
    let version = hash.version.map_or(Ok(Version::V0x10), Version::try_from)?;
    let found = output(algorithm, version, &Params::try_from(hash)?, text, salt)?;
    // `Output` compares in constant time.
    Ok(found == *expected)
}

fn output(
    algorithm: Algorithm,
    version: Version,
    params: &Params,
    text: &str,
    salt: &[u8],
) -> password_hash::Result<Output> {
    let argon2 = Argon2::new(algorithm, version, params.clone());
    let mut memory = FREE.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
    let blocks = params.block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::new());
    }
    let mut bytes = [0; Output::MAX_LENGTH];
    let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let out = bytes.get_mut(..length).ok_or(password_hash::Error::OutputSize)?;
    let done = argon2.hash_password_into_with_memory(text.as_bytes(), salt, out, &mut memory[..blocks]);
    if memory.len() <= LARGEST_KEPT {
        memory[..blocks].fill(Block::new());
        let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < KEPT {
            free.push(memory);
        }
    }
    done?;
    Ok(Output::new(&bytes[..length])?)
}

#[cfg(test)]
mod tests {
    use argon2::{PasswordHasher as _, PasswordVerifier as _};

    use super::*;

    /// Small and large hashes in turn, so that reused memory is smaller and larger
    /// than needed.
    #[test]
    fn hashes_are_those_of_the_crate() {
        for (memory, iterations, parallelism) in [(64, 1, 1), (1024, 2, 2), (128, 3, 1), (1024, 1, 4)] {
            let params = Params::new(memory, iterations, parallelism, None).expect("good");
            let ours = hash("correct horse", &[7; 16], &params).expect("hashes");
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let theirs = argon2.hash_password_with_salt(b"correct horse", &[7; 16]).expect("hashes");
            assert_eq!(ours.to_string(), theirs.to_string());
            assert!(argon2.verify_password(b"correct horse", &ours).is_ok());
            assert_eq!(verify("correct horse", &theirs), Ok(true));
            assert_eq!(verify("correct house", &theirs), Ok(false));
        }
    }

    #[test]
    fn other_kinds_and_versions_are_verified() {
        for (algorithm, version) in
            [(Algorithm::Argon2i, Version::V0x13), (Algorithm::Argon2d, Version::V0x10)]
        {
            let params = Params::new(64, 2, 1, Some(16)).expect("good");
            let argon2 = Argon2::new(algorithm, version, params);
            let theirs = argon2.hash_password_with_salt(b"correct horse", &[7; 16]).expect("hashes");
            assert_eq!(verify("correct horse", &theirs), Ok(true));
            assert_eq!(verify("correct house", &theirs), Ok(false));
        }
    }

    #[test]
    fn no_memory_that_is_kept_tells_of_a_hash() {
        let params = Params::new(256, 1, 1, None).expect("good");
        // A concurrent test may have taken the buffer that this test returned.
        let free = loop {
            hash("correct horse", &[7; 16], &params).expect("hashes");
            let free = FREE.lock().expect("nobody panics");
            if !free.is_empty() {
                break free;
            }
        };
        assert!(free.len() <= KEPT);
        assert!(free.iter().flatten().all(|block| block.as_ref().iter().all(|word| *word == 0)));
    }
}
