import Elements

/// Rows brought to length 1, `[count, width]`; a row of zeros has no direction and stays zero.
struct UnitRows: Sendable {
    let count: Int
    let width: Int
    let values: [Float]
    /// Which rows are zeros.
    let isZero: [Bool]

    /// Reads rows a block at a time.
    ///
    /// - Throws: What reading a block throws.
    init(_ rows: DirectionRows) throws {
        count = rows.count
        width = rows.width
        var values = [Float]()
        values.reserveCapacity(rows.count * rows.width)
        var isZero = [Bool]()
        isZero.reserveCapacity(rows.count)
        let block = max(1, min(rows.count, (1 << 20) / max(1, rows.width)))
        for start in stride(from: 0, to: rows.count, by: block) {
            let part = try rows.read(start..<min(start + block, rows.count))
            for row in 0..<part.rows {
                let direction = part.values[row * rows.width..<(row + 1) * rows.width]
                let length = direction.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
                isZero.append(length == 0)
                if length == 0 {
                    values.append(contentsOf: direction)
                } else {
                    values.append(contentsOf: direction.lazy.map { Float(Double($0) / length) })
                }
            }
        }
        self.values = values
        self.isZero = isZero
    }

    /// The number of rows that have a direction.
    var directed: Int { isZero.count { !$0 } }

    /// The cosine of a row with a row of others, summed in double precision; `nil` if one of them has no direction.
    func cosine(_ row: Int, with other: UnitRows, _ otherRow: Int) -> Double? {
        guard !isZero[row], !other.isZero[otherRow] else { return nil }
        var sum = 0.0
        for column in 0..<width {
            sum += Double(values[row * width + column]) * Double(other.values[otherRow * width + column])
        }
        return sum
    }
}
