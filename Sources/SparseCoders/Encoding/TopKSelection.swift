/// Keeps the `k` largest positive pre-activations of a row; of equal ones that of the lower latent.
final class TopKSelection: LatentSelection {
    private let k: Int
    private var columns = 0
    /// The bound a column's next latent must exceed: 0 until `k` are kept, then the least kept; infinite if unused.
    private let thresholds: UnsafeMutablePointer<Float>
    /// Per column, 1 if the latent at hand exceeds the threshold; read eight at a time.
    private let exceeds: UnsafeMutablePointer<UInt8>
    private let counts: UnsafeMutablePointer<Int>
    /// `[columns, k + 1]`: per column a heap whose least element is first, and after it a guard that is never less.
    ///
    /// An element is the activation's bits, which order positive floats, above the inverted latent, so that of equal
    /// activations the higher latent is the lesser.
    private let heaps: UnsafeMutablePointer<UInt64>
    private var heapSize: Int { k &+ 1 }

    let byteCount: Int

    init(maximumColumns: Int, k: Int) {
        self.k = k
        byteCount = maximumColumns * (13 + 8 * (k + 1))
        thresholds = .allocate(capacity: maximumColumns)
        counts = .allocate(capacity: maximumColumns)
        heaps = .allocate(capacity: maximumColumns * (k + 1))
        exceeds =
            UnsafeMutableRawPointer
            .allocate(byteCount: maximumColumns, alignment: 8).bindMemory(to: UInt8.self, capacity: maximumColumns)
        exceeds.initialize(repeating: 0, count: maximumColumns)
        thresholds.initialize(repeating: 0, count: maximumColumns)
        counts.initialize(repeating: 0, count: maximumColumns)
        heaps.initialize(repeating: .max, count: maximumColumns * (k + 1))
    }

    deinit {
        thresholds.deallocate()
        counts.deallocate()
        heaps.deallocate()
        UnsafeMutableRawPointer(exceeds).deallocate()
    }

    func begin(columns: Int, used: [Int]) {
        self.columns = columns
        for column in 0..<columns {
            thresholds[column] = .infinity
            counts[column] = 0
        }
        for column in used { thresholds[column] = 0 }
    }

    func take(_ products: UnsafePointer<Float>, latents: Range<Int>, bias: UnsafePointer<Float>) {
        // Almost no value exceeds its column's threshold. The loop over all of them has no branch, so that it is done in
        // vectors; the second looks at eight results at once.
        let words = UnsafeRawPointer(exceeds)
        for (row, latent) in latents.enumerated() {
            let values = products + row * columns
            let shift = bias[latent]
            for column in 0..<columns {
                // The sign bit of `threshold − value` is set if the value is larger.
                let difference = thresholds[column] - (values[column] + shift)
                exceeds[column] = UInt8(truncatingIfNeeded: difference.bitPattern >> 31)
            }
            for start in stride(from: 0, to: columns, by: 8) {
                var word = UInt64(littleEndian: words.load(fromByteOffset: start, as: UInt64.self))
                while word != 0 {
                    let column = start + word.trailingZeroBitCount / 8
                    word &= word &- 1
                    insert(values[column] + shift, latent: latent, column: column)
                }
            }
        }
    }

    @inline(__always)
    private func insert(_ value: Float, latent: Int, column: Int) {
        // Turned round, so that NaN is taken; its bits are above those of all numbers, so that it stays and is named.
        guard !(value <= thresholds[column]) else { return }
        let heap = heaps + column &* heapSize
        let element = UInt64(value.bitPattern) << 32 | UInt64(~UInt32(truncatingIfNeeded: latent))
        let count = counts[column]
        if count < k {
            heap[count] = element
            counts[column] = count &+ 1
            guard count &+ 1 == k else { return }
            for parent in stride(from: k / 2 - 1, through: 0, by: -1) { sift(heap, heap[parent], from: parent) }
        } else {
            sift(heap, element, from: 0)
        }
        thresholds[column] = Float(bitPattern: UInt32(truncatingIfNeeded: heap[0] >> 32))
    }

    /// Puts an element at a place or below it, so that no element is less than the one above it.
    @inline(__always)
    private func sift(_ heap: UnsafeMutablePointer<UInt64>, _ element: UInt64, from start: Int) {
        var place = start
        while true {
            var child = 2 &* place &+ 1
            guard child < k else { break }
            // Which child is less cannot be foreseen, so it is computed without a branch; after the last is the guard.
            child &+= heap[child &+ 1] < heap[child] ? 1 : 0
            let least = heap[child]
            guard least < element else { break }
            heap[place] = least
            place = child
        }
        heap[place] = element
    }

    func finish(column: Int, into codes: inout SparseCodes) -> SelectionFault? {
        var kept = UnsafeMutableBufferPointer(start: heaps + column * heapSize, count: counts[column])
        // Turned round, the elements are ordered by latent.
        for index in kept.indices { kept[index] = (~kept[index] << 32) | kept[index] >> 32 }
        kept.sort()
        for element in kept {
            let latent = Int32(truncatingIfNeeded: element >> 32)
            let activation = Float(bitPattern: UInt32(truncatingIfNeeded: element))
            guard activation.isFinite else { return .notFinite(latent: Int(latent)) }
            codes.append(latent: latent, activation: activation)
        }
        return nil
    }
}
