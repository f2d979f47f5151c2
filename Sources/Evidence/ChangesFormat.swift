internal import Elements

/// The layout of what has changed of samples and pool, as one reservoir tells it another.
///
///     "GLCH", format (1 byte), hash of settings and coder (16 bytes), sample size in force, latest day (flag, zigzag), windows,
///     0, SipHash-2-4-64 as of a segment
///
///     window: number of tokens, tokens, document (4 bytes), its entry of the pool, its entries of latents, 0
///     entry of the pool: sides (1 byte, 0 for none), document (4 bytes), length of the set, set of latents
///     entry of a latent: its lists (1 byte), distance from the latent before, its document if it is not the window's (4 bytes), firing
///
/// A window stands with all that has changed about it, so that its tokens travel once however many latents fire in it; and a latent in
/// whose lists it is with the same firing, once however many lists these are. Numbers are LEB128 varints, words little-endian.
enum ChangesFormat {
    static let magic: [UInt8] = Array("GLCH".utf8)
    static let version: UInt8 = 1
    /// Beside the bits of lists: a document follows.
    static let hasDocument: UInt8 = 0x80
    static let lists = UInt8(1 << SampleList.allCases.count) - 1
}
