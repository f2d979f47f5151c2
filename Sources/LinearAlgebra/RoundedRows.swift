internal import CVectorKernels

/// Rows of floats rounded to eight bits, each part of 32 values by its largest: what quantised matrices are multiplied by in integers.
///
/// A value is off by at most 1/254 of the largest of its part. Memory is kept and grown from use to use.
public final class RoundedRows {
    private var memory: UnsafeMutableBufferPointer<gloss_rounded_32>

    /// Makes room that is empty.
    public init() { memory = .allocate(capacity: 0) }

    deinit { memory.deallocate() }

    /// Makes room for `[rows, depth]`; what was there is lost if it grows.
    public func reserve(rows: Int, depth: Int) {
        let parts = rows * (depth / 32)
        guard memory.count < parts else { return }
        memory.deallocate()
        memory = .allocate(capacity: parts)
    }

    /// The first part of a row, given the parts of each.
    func row(_ index: Int, parts: Int) -> UnsafeMutablePointer<gloss_rounded_32>? {
        memory.baseAddress.map { $0 + index * parts }
    }
}
