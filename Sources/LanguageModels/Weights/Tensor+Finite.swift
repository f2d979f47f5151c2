internal import WeightFiles

extension Tensor {
    /// The number of values that are read and then examined at a time, while they are in the cache.
    static var valuesAtOnce: Int { 1 << 14 }

    /// Reads all values into room for `count` of them; throws if one of them is not a finite number.
    func readFinite(into values: UnsafeMutablePointer<Float>) throws(ModelError) {
        let rowsAtOnce = max(Self.valuesAtOnce / max(columns, 1), 1)
        for row in stride(from: 0, to: rows, by: rowsAtOnce) {
            try readFinite(rows: row..<min(row + rowsAtOnce, rows), into: values + row * columns)
        }
    }

    /// Reads some rows; throws if one of their values is not a finite number.
    func readFinite(rows range: Range<Int>, into values: UnsafeMutablePointer<Float>) throws(ModelError) {
        let count = range.count * columns
        do {
            try read(rows: range, into: UnsafeMutableBufferPointer(start: values, count: count))
        } catch {
            throw .weightFile(error)
        }
        guard let index = FiniteValues.firstOther(values, count: count) else { return }
        throw .notFinite(tensor: name, file: file, index: firstValue + range.lowerBound * columns + index)
    }
}
