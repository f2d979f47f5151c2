/// The bytes that a tensor takes, from the start of the tensor data.
struct TensorExtent {
    let name: String
    let start: Int
    let end: Int

    /// Sorts extents by their place and checks that no two share a byte; `field` is what the format calls the place.
    static func checkApart(_ extents: inout [TensorExtent], field: String, file: String) throws(WeightFileError) {
        extents.sort { ($0.start, $0.end) < ($1.start, $1.end) }
        for (left, right) in zip(extents, extents.dropFirst()) where right.start < left.end {
            throw WeightFileError(
                .invalid, file: file, field: "tensors[\(right.name)].\(field)", found: "\(right.start)",
                expected: "at least \(left.end), the end of \(left.name)")
        }
    }
}
