internal import LinearAlgebra

/// The working memory of products with weights, and how work is shared: that of one worker, and of those who help it.
final class ProductWorkspace {
    /// Products of fewer multiplications are not shared: handing a piece over takes a microsecond or two.
    private static let fewestMultiplications = 1 << 17

    let kernels = VectorKernels.best
    /// How activations go into products with quantised weights.
    let activations: ActivationPrecision
    /// Who helps; used while `members` is above 1.
    let team: WorkTeam?
    /// How many threads share a product, this one included.
    ///
    /// A result is the same bits whatever it is.
    var members = 1
    let rounded = RoundedRows()
    private var panels: [FloatBuffer]

    init(activations: ActivationPrecision = .f32, team: WorkTeam? = nil) {
        self.activations = activations
        self.team = team
        panels = (0...(team?.helpers ?? 0)).map { _ in FloatBuffer(count: 0) }
    }

    /// The largest number of members who may take a piece: anything with a place per member has this many places.
    var mostMembers: Int { panels.count }

    /// Memory of each member for some rows of a weight matrix in panels.
    func panels(count: Int) -> [UnsafeMutablePointer<Float>] {
        for member in 0..<(members > 1 ? mostMembers : 1) where panels[member].count < count {
            panels[member] = FloatBuffer(count: count)
        }
        return panels.map(\.pointer)
    }

    /// Rounds rows `[count, depth]` into `rounded`.
    func round(_ x: UnsafePointer<Float>, count: Int, depth: Int) {
        rounded.reserve(rows: count, depth: depth)
        let (kernels, rounded) = (kernels, rounded)
        // Rounding a value takes as long as some 16 multiplications.
        share(rows: count, width: depth, multiplicationsEach: 16) { rows in
            kernels.round(x, rows: rows, depth: depth, into: rounded)
        }
    }

    /// Does some rows of what is computed value by value or row by row; `body` gets a range of rows.
    ///
    /// `multiplicationsEach` is the number of multiplications that would take as long as one value of the `width` of a row.
    func share(rows: Int, width: Int, multiplicationsEach: Int, _ body: @escaping (Range<Int>) -> Void) {
        share(rows, inPiecesOf: 1, multiplications: rows * width * multiplicationsEach) { rows, _ in body(rows) }
    }

    /// Does some rows of a product, in ranges whose ends are multiples of `size`; `body` gets the range and the member who does it.
    func share(
        _ rows: Int, inPiecesOf size: Int, multiplications: Int, _ body: @escaping (Range<Int>, Int) -> Void
    ) {
        guard let team, members > 1, multiplications >= Self.fewestMultiplications, rows > size else {
            return body(0..<rows, 0)
        }
        // A few pieces for each, so that one who comes late or is slow delays the others little.
        let length = max((rows / (4 * members) + size - 1) / size, 1) * size
        team.perform((rows + length - 1) / length, members: members) { piece, member in
            body(piece * length..<min((piece + 1) * length, rows), member)
        }
    }
}
