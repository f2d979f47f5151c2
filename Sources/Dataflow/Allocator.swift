internal import Glibc

/// Controls the unused memory that the C library's allocator keeps; its functions are not in Swift's Glibc module.
public enum Allocator {
    /// From `malloc.h`.
    private static let thresholdParameter: CInt = -3
    private static let threshold: CInt = 1 << 20

    /// Returns blocks of a mebibyte or more to the system when they are freed; to be called first thing in `main`.
    ///
    /// Otherwise the allocator raises that size to up to 32 MiB by itself, and batches of activations and decoded pools
    /// leave holes in the heaps of its threads.
    public static func returnLargeBlocks() {
        typealias Set = @convention(c) (CInt, CInt) -> CInt
        guard let symbol = dlsym(nil, "mallopt") else { return }
        _ = unsafeBitCast(symbol, to: Set.self)(thresholdParameter, threshold)
    }

    /// Gives free pages back to the system; takes some milliseconds, so not for the cooperative pool.
    public static func returnFreeMemory() {
        typealias Trim = @convention(c) (Int) -> CInt
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        _ = unsafeBitCast(symbol, to: Trim.self)(0)
    }
}
