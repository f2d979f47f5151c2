/// One tensor of a weight file: its description, and its values on request.
///
/// The file stays mapped as long as one of its tensors is alive. It must not be made shorter meanwhile (see `GGUFFile`).
public struct Tensor: Sendable {
    /// The tensor's name in its file.
    public let name: String
    /// How its values are stored.
    public let type: TensorType
    /// The size of each dimension, outermost first: `[rows, columns]`; empty for a single value.
    public let shape: [Int]
    /// The path of the file.
    public var file: String { mapping.path }
    /// The number of rows: the product of all dimensions but the last, 1 for a vector.
    public let rows: Int
    /// The number of columns: the last dimension.
    public let columns: Int
    /// The number of values.
    public let count: Int
    /// The number of bytes that the tensor takes in its file.
    public let byteCount: Int
    /// The number of values before its own in the tensor that it is a part of; 0 if it is a whole one.
    public private(set) var firstValue = 0

    private let mapping: MappedFile
    private let offset: Int

    /// Makes a tensor of the bytes at an offset; `nil` if its size overflows, or does not fit the type or the file.
    init?(name: String, type: TensorType, shape: [Int], offset: Int, mapping: MappedFile) {
        guard let byteCount = type.byteCount(shape: shape), offset >= 0, offset <= mapping.count,
            byteCount <= mapping.count - offset
        else { return nil }
        self.name = name
        self.type = type
        self.shape = shape
        self.offset = offset
        self.mapping = mapping
        self.byteCount = byteCount
        count = byteCount / type.bytesPerBlock * type.valuesPerBlock
        columns = shape.last ?? 1
        // With an empty dimension the product of the others is unchecked, and there is nothing to read.
        rows = count == 0 ? 0 : count / columns
    }

    /// One of the tensors that lie one after the other in this one, by their number along the first dimension; `nil` if there is none.
    ///
    /// It keeps the name.
    public func part(_ index: Int) -> Tensor? {
        guard shape.count > 1, (0..<shape[0]).contains(index) else { return nil }
        var part = Tensor(
            name: name, type: type, shape: Array(shape.dropFirst()), offset: offset + index * (byteCount / shape[0]),
            mapping: mapping)
        part?.firstValue = firstValue + index * (count / shape[0])
        return part
    }

    /// Lends the stored bytes; the pointer is valid during the call only and need not be aligned.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try mapping.withBytes { file throws(Failure) in
            try body(UnsafeRawBufferPointer(rebasing: file[offset..<offset + byteCount]))
        }
    }

    /// Reads rows of the `[rows, columns]` matrix as floats, row-major, expanding quantised blocks.
    ///
    /// Throws if the range is not within the rows or the destination is too small.
    public func read(
        rows range: Range<Int>, into destination: UnsafeMutableBufferPointer<Float>
    ) throws(WeightFileError) {
        guard range.lowerBound >= 0, range.upperBound <= rows else {
            throw failure(.request, "rows", found: "\(range)", expected: "a range within 0..<\(rows)")
        }
        let values = range.count * columns
        guard destination.count >= values else {
            throw failure(
                .request, "destination", found: "room for \(destination.count) values", expected: "room for \(values)")
        }
        let first = range.lowerBound * columns / type.valuesPerBlock
        expand(blocks: first..<first + values / type.valuesPerBlock, into: destination)
    }

    /// Reads a run of the values, in row-major order, as floats.
    ///
    /// Throws if values share blocks, the range is not within the values or the destination is too small.
    public func read(
        values range: Range<Int>, into destination: UnsafeMutableBufferPointer<Float>
    ) throws(WeightFileError) {
        guard type.valuesPerBlock == 1 else {
            throw failure(.request, "type", found: type.rawValue, expected: "a type whose values stand by themselves")
        }
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw failure(.request, "values", found: "\(range)", expected: "a range within 0..<\(count)")
        }
        guard destination.count >= range.count else {
            throw failure(
                .request, "destination", found: "room for \(destination.count) values",
                expected: "room for \(range.count)")
        }
        expand(blocks: range, into: destination)
    }

    private func expand(blocks: Range<Int>, into destination: UnsafeMutableBufferPointer<Float>) {
        guard let target = destination.baseAddress, !blocks.isEmpty else { return }
        withBytes { bytes in
            guard let address = bytes.baseAddress else { return }
            Dequantization.expand(
                type, from: address + blocks.lowerBound * type.bytesPerBlock, blocks: blocks.count, into: target)
        }
    }

    /// All values as floats, row-major.
    public func floats() throws(WeightFileError) -> [Float] {
        var values = [Float](repeating: 0, count: count)
        try values.withUnsafeMutableBufferPointer { buffer throws(WeightFileError) in
            try read(rows: 0..<rows, into: buffer)
        }
        return values
    }

    /// All values of an integer tensor, row-major.
    ///
    /// Throws if the type is no integer type or a value does not fit 32 bits.
    public func integers() throws(WeightFileError) -> [Int32] {
        switch type {
        case .i8: try integers(of: Int8.self)
        case .i16: try integers(of: Int16.self)
        case .i32: try integers(of: Int32.self)
        case .i64: try integers(of: Int64.self)
        case .u8, .boolean: try integers(of: UInt8.self)
        case .u16: try integers(of: UInt16.self)
        case .u32: try integers(of: UInt32.self)
        case .u64: try integers(of: UInt64.self)
        default: throw failure(.request, "type", found: type.rawValue, expected: "an integer type")
        }
    }

    private func integers<Stored: FixedWidthInteger & BitwiseCopyable>(
        of stored: Stored.Type
    ) throws(WeightFileError) -> [Int32] {
        try withBytes { bytes throws(WeightFileError) in
            var values = [Int32]()
            values.reserveCapacity(count)
            for index in 0..<count {
                let value = Stored(
                    littleEndian: bytes.loadUnaligned(
                        fromByteOffset: index * MemoryLayout<Stored>.size, as: Stored.self))
                guard let narrow = Int32(exactly: value) else {
                    throw failure(.request, "value \(index)", found: "\(value)", expected: "an integer of 32 bits")
                }
                values.append(narrow)
            }
            return values
        }
    }

    private func failure(
        _ kind: WeightFileError.Kind, _ field: String, found: String, expected: String
    ) -> WeightFileError {
        WeightFileError(kind, file: file, field: "tensors[\(name)].\(field)", found: found, expected: expected)
    }
}
