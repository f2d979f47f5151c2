import LinearAlgebra

/// Keeps, of each group of neighbouring latents, the largest pre-activation if it is positive; of equal ones that of the lowest.
final class GroupMaxSelection: LatentSelection {
    private let groupSize: Int
    private var columns = 0
    /// The columns that are rows of the input.
    private var used: [Int] = []
    /// Per column, the largest pre-activation of the group so far, and 0 before one is positive.
    private let largest: FloatBuffer
    /// Per column, the place within the group that it is from.
    private let places: UnsafeMutablePointer<Int32>
    private let maximumColumns: Int
    private var entries: ActiveEntries

    /// Groups of `groupSize` latents, at least one.
    init(maximumColumns: Int, groupSize: Int, most: Int) {
        self.groupSize = max(groupSize, 1)
        self.maximumColumns = maximumColumns
        largest = FloatBuffer(count: maximumColumns)
        places = .allocate(capacity: max(maximumColumns, 1))
        places.initialize(repeating: 0, count: max(maximumColumns, 1))
        entries = ActiveEntries(maximumColumns: maximumColumns, most: most)
    }

    deinit { places.deallocate() }

    var byteCount: Int { entries.byteCount + 8 * maximumColumns }

    func begin(columns: Int, used: [Int]) {
        self.columns = columns
        self.used = used
        entries.begin(columns: columns, used: used)
        startGroup()
    }

    private func startGroup() { largest.pointer.update(repeating: 0, count: columns) }

    func take(_ products: UnsafePointer<Float>, latents: Range<Int>, bias: UnsafePointer<Float>) {
        let largest = largest.pointer
        for (row, latent) in latents.enumerated() {
            let values = products + row * columns
            let shift = bias[latent]
            let place = Int32(truncatingIfNeeded: latent % groupSize)
            for column in 0..<columns {
                let value = values[column] + shift
                // NaN takes the place of any number and keeps it, so that it is found and named.
                let stays = value <= largest[column] || largest[column].isNaN
                largest[column] = stays ? largest[column] : value
                places[column] = stays ? places[column] : place
            }
            if latent % groupSize == groupSize - 1 { endGroup(from: latent + 1 - groupSize) }
        }
    }

    private func endGroup(from first: Int) {
        for column in used where !(largest.pointer[column] <= 0) {
            entries.append(
                latent: first + Int(places[column]), activation: largest.pointer[column], column: column)
        }
        startGroup()
    }

    func finish(column: Int, into codes: inout SparseCodes) -> SelectionFault? {
        entries.finish(column: column, into: &codes)
    }
}
