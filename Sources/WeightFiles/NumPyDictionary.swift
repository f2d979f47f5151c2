/// The three fields of a NumPy header, read from the text of a Python dictionary.
struct NumPyDictionary {
    private(set) var type: String?
    private(set) var isFortranOrder: Bool?
    private(set) var shape: [Int]?

    private let text: UnsafeRawBufferPointer
    private let name: String
    private let file: String
    private var offset = 0

    init(_ text: UnsafeRawBufferPointer, name: String, file: String) {
        self.text = text
        self.name = name
        self.file = file
    }

    /// Reads `{'descr': TEXT, 'fortran_order': BOOL, 'shape': (SIZE, …)}`, fields in any order, each once.
    mutating func read() throws(WeightFileError) {
        try expect("{")
        while !take("}") {
            let key = try quoted()
            try expect(":")
            switch key {
            case "descr" where type == nil:
                _ = skipSpaces()
                type = try isAt("'") || isAt("\"") ? quoted() : structured()
            case "fortran_order" where isFortranOrder == nil:
                isFortranOrder = take("True")
                if isFortranOrder == false { try expect("False") }
            case "shape" where shape == nil: shape = try sizes()
            default: throw failure("field \(key)", "descr, fortran_order and shape, once each")
            }
            if !take(",") {
                try expect("}")
                break
            }
        }
        guard skipSpaces(), offset == text.count else { throw failure("more text", "the end of the header") }
    }

    private mutating func sizes() throws(WeightFileError) -> [Int] {
        var sizes: [Int] = []
        try expect("(")
        while !take(")") {
            guard skipSpaces(), let size = number() else { throw failure("no size", "an integer of at least 0") }
            sizes.append(size)
            if !take(",") {
                try expect(")")
                break
            }
        }
        return sizes
    }

    private mutating func number() -> Int? {
        var value: Int?
        while offset < text.count, (0x30...0x39).contains(text[offset]) {
            let (product, overflows) = (value ?? 0).multipliedReportingOverflow(by: 10)
            let (sum, carries) = product.addingReportingOverflow(Int(text[offset]) - 0x30)
            guard !overflows, !carries else { return nil }
            value = sum
            offset += 1
        }
        return value
    }

    private mutating func quoted() throws(WeightFileError) -> String {
        _ = skipSpaces()
        guard isAt("'") || isAt("\"") else { throw failure("no text", "a quoted text") }
        let quote = text[offset]
        let start = offset + 1
        guard let end = text[start...].firstIndex(of: quote) else { throw failure("no end of a text", "a quote") }
        offset = end + 1
        return String(decoding: text[start..<end], as: UTF8.self)
    }

    /// A type of several fields is no array of numbers; its text serves for the error only.
    private func structured() throws(WeightFileError) -> String {
        throw WeightFileError(
            .unsupported, file: file, field: "\(name) descr", found: "a structured type",
            expected: "a type of one number, such as <f4")
    }

    private func isAt(_ token: StaticString) -> Bool {
        let count = token.utf8CodeUnitCount
        guard count <= text.count - offset else { return false }
        return text[offset..<offset + count].elementsEqual(UnsafeBufferPointer(start: token.utf8Start, count: count))
    }

    private mutating func take(_ token: StaticString) -> Bool {
        guard skipSpaces(), isAt(token) else { return false }
        offset += token.utf8CodeUnitCount
        return true
    }

    private mutating func expect(_ token: StaticString) throws(WeightFileError) {
        guard take(token) else { throw failure("no \(token)", "\(token) at offset \(offset) of the header") }
    }

    /// Always true, so that it can stand in a condition.
    private mutating func skipSpaces() -> Bool {
        while offset < text.count, text[offset] == 0x20 || text[offset] == 0x0a { offset += 1 }
        return true
    }

    private func failure(_ found: String, _ expected: String) -> WeightFileError {
        WeightFileError(.invalid, file: file, field: "\(name) header", found: found, expected: expected)
    }
}
