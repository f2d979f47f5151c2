/// The tensors of a file of `torch.save`: a dictionary of tensors, or one within a dictionary.
///
/// The file is a zip archive of one pickle, `data.pkl`, and of a file for each storage. Nothing in it is executed: see `PickleMachine`.
/// Tensors whose values lie in order stay in the mapped file, which must not be made shorter while it is open (see `SafetensorsFile`);
/// transposed ones are put in order in memory when the file is opened. Source: `torch/serialization.py` of PyTorch 2.9.
public struct PyTorchArchive: Sendable {
    /// The path of the file.
    public let path: String
    /// The tensors by name; those of an inner dictionary have its name and a dot before theirs.
    public let tensors: [String: Tensor]

    /// Opens a file and checks its directory, its pickle and the place of every tensor.
    ///
    /// Throws if the file cannot be opened, is no such archive, holds anything but dictionaries, tensors and plain values, or has a
    /// tensor that is not within its storage.
    public init(path: String) throws(WeightFileError) {
        let mapping = try MappedFile(path: path)
        self.path = path
        tensors = try mapping.withBytes { bytes throws(WeightFileError) in
            try Self.checkBeginning(bytes, path: path)
            var reading = try PyTorchReading(bytes, in: mapping)
            return try reading.tensors()
        }
    }

    /// Tells other kinds of file by their first bytes.
    private static func checkBeginning(
        _ bytes: UnsafeRawBufferPointer, path: String
    ) throws(WeightFileError) {
        guard !bytes.starts(with: [0x50, 0x4b]) else { return }
        let isOld = bytes.starts(with: [0x80, 0x02, 0x8a, 0x0a])
        throw WeightFileError(
            isOld ? .unsupported : .format, file: path, field: "first bytes",
            found: isOld ? "a file of PyTorch before 1.6" : "no zip archive",
            expected: isOld ? "one of 1.6 or later: load it there and save it again" : "a file of torch.save")
    }
}

/// The reading of one archive.
private struct PyTorchReading {
    private let bytes: UnsafeRawBufferPointer
    private let mapping: MappedFile
    /// The contents of the archive by name, without the folder that all are in.
    private var places: [String: Range<Int>] = [:]
    /// The bytes that may still be taken for transposed tensors: no more than the file has.
    private var budget: Int

    init(_ bytes: UnsafeRawBufferPointer, in mapping: MappedFile) throws(WeightFileError) {
        self.bytes = bytes
        self.mapping = mapping
        budget = bytes.count
        var extents: [TensorExtent] = []
        for entry in try ZipDirectory.entries(bytes, file: mapping.path) {
            guard entry.method == ZipEntry.stored, entry.size == entry.compressedSize else {
                throw Self.fault(
                    .unsupported, mapping, entry.name, found: "compressed", expected: "stored, as torch.save does")
            }
            let place = try ZipDirectory.content(of: entry, in: bytes, file: mapping.path)
            extents.append(TensorExtent(name: entry.name, start: place.lowerBound, end: place.upperBound))
            let name = entry.name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).last ?? ""
            places[String(name)] = place
        }
        try TensorExtent.checkApart(&extents, field: "offset", file: mapping.path)
    }

    mutating func tensors() throws(WeightFileError) -> [String: Tensor] {
        if let order = places["byteorder"], !bytes[order].elementsEqual("little".utf8) {
            throw Self.fault(.unsupported, mapping, "byteorder", found: "another order", expected: "little")
        }
        guard let pickle = places["data.pkl"] else {
            throw Self.fault(
                .format, mapping, "archive", found: "no data.pkl", expected: "a file of torch.save")
        }
        var machine = PickleMachine(UnsafeRawBufferPointer(rebasing: bytes[pickle]), file: mapping.path)
        guard case .dictionary(let dictionary) = try machine.run() else {
            throw Self.fault(
                .unsupported, mapping, "data.pkl", found: "no dictionary", expected: "a dictionary of tensors")
        }
        var tensors: [String: Tensor] = [:]
        try add(dictionary, prefix: "", depth: 0, to: &tensors)
        return tensors
    }

    private mutating func add(
        _ dictionary: PickleDictionary, prefix: String, depth: Int, to tensors: inout [String: Tensor]
    ) throws(WeightFileError) {
        guard depth < 4 else {
            throw Self.fault(
                .unsupported, mapping, "data.pkl", found: "dictionaries within dictionaries within dictionaries",
                expected: "a dictionary of tensors")
        }
        // Python keeps the last of equal keys.
        for (key, value) in dictionary.items {
            let name = prefix + key
            switch value {
            case .tensor(let view): tensors[name] = try tensor(view, name: name)
            case .dictionary(let inner): try add(inner, prefix: name + ".", depth: depth + 1, to: &tensors)
            // Numbers, texts and the like are settings, not weights.
            default: continue
            }
        }
    }

    private mutating func tensor(_ view: PickleTensor, name: String) throws(WeightFileError) -> Tensor {
        let field = "tensors[\(name)]"
        let size = view.storage.type.bytesPerBlock
        guard let place = places["data/" + view.storage.key] else {
            throw Self.fault(
                .truncated, mapping, field, found: "no file data/\(view.storage.key)", expected: "its storage")
        }
        guard let count = view.storage.type.byteCount(shape: view.shape).map({ $0 / size }),
            view.storage.count <= place.count / size, view.offset <= view.storage.count,
            count <= view.storage.count - view.offset
        else {
            throw Self.fault(
                .truncated, mapping, field + ".shape",
                found: "\(view.shape) from value \(view.offset) on of \(place.count / size)",
                expected: "a tensor within its storage")
        }
        let start = place.lowerBound + view.offset * size
        if count <= 1 || view.lies(inOrder: Array(view.shape.indices)) {
            guard
                let tensor = Tensor(
                    name: name, type: view.storage.type, shape: view.shape, offset: start, mapping: mapping)
            else {
                throw Self.fault(.truncated, mapping, field, found: "\(view.shape)", expected: "a smaller tensor")
            }
            return tensor
        }
        guard view.shape.count == 2, view.lies(inOrder: [1, 0]) else {
            throw Self.fault(
                .unsupported, mapping, field + ".strides", found: "\(view.strides) of \(view.shape)",
                expected: "values in order, or a matrix transposed")
        }
        return try putInOrder(view, from: start, count: count, name: name)
    }

    /// A matrix that lies transposed in the file, in pages of its own.
    private mutating func putInOrder(
        _ view: PickleTensor, from start: Int, count: Int, name: String
    ) throws(WeightFileError) -> Tensor {
        let (size, rows, columns) = (view.storage.type.bytesPerBlock, view.shape[0], view.shape[1])
        guard count * size <= budget else {
            throw Self.fault(
                .invalid, mapping, "tensors[\(name)]", found: "more transposed values than the file has",
                expected: "each storage once")
        }
        budget -= count * size
        let source = bytes
        let pages = try MappedFile(unpacked: count * size, of: mapping.path) { target throws(WeightFileError) in
            // In squares, so that neither side leaves the cache.
            for top in stride(from: 0, to: rows, by: 64) {
                for left in stride(from: 0, to: columns, by: 64) {
                    for row in top..<min(top + 64, rows) {
                        for column in left..<min(left + 64, columns) {
                            let from = start + (column * rows + row) * size
                            let to = (row * columns + column) * size
                            for byte in 0..<size { target[to + byte] = source[from + byte] }
                        }
                    }
                }
            }
        }
        guard let tensor = Tensor(name: name, type: view.storage.type, shape: view.shape, offset: 0, mapping: pages)
        else {
            throw Self.fault(
                .truncated, mapping, "tensors[\(name)]", found: "\(view.shape)", expected: "a smaller tensor")
        }
        return tensor
    }

    private static func fault(
        _ kind: WeightFileError.Kind, _ mapping: MappedFile, _ field: String, found: String, expected: String
    ) -> WeightFileError {
        WeightFileError(kind, file: mapping.path, field: field, found: found, expected: expected)
    }
}

extension PickleTensor {
    /// Whether the values lie side by side, with the dimensions varying in this order, the last fastest.
    fileprivate func lies(inOrder order: [Int]) -> Bool {
        var step = 1
        for dimension in order.reversed() {
            // The stride of a dimension of one value says nothing.
            guard shape[dimension] == 1 || strides[dimension] == step else { return false }
            step = step.multipliedReportingOverflow(by: shape[dimension]).partialValue
        }
        return true
    }
}
