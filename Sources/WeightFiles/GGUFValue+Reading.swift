extension GGUFValue {
    private static let deepestArray = 4

    /// Reads a value and the type before it.
    static func read(_ reader: inout ByteReader, key: String) throws(WeightFileError) -> GGUFValue {
        let type = try reader.integer(UInt32.self, "metadata[\(key)].type")
        return try read(&reader, type: type, key: key, depth: 0)
    }

    private static func read(
        _ reader: inout ByteReader, type: UInt32, key: String, depth: Int
    ) throws(WeightFileError) -> GGUFValue {
        switch type {
        case 0: .integer(Int(try reader.integer(UInt8.self, "metadata[\(key)]")))
        case 1: .integer(Int(try reader.integer(Int8.self, "metadata[\(key)]")))
        case 2: .integer(Int(try reader.integer(UInt16.self, "metadata[\(key)]")))
        case 3: .integer(Int(try reader.integer(Int16.self, "metadata[\(key)]")))
        case 4: .integer(Int(try reader.integer(UInt32.self, "metadata[\(key)]")))
        case 5: .integer(Int(try reader.integer(Int32.self, "metadata[\(key)]")))
        case 6: .number(Double(Float(bitPattern: try reader.integer(UInt32.self, "metadata[\(key)]"))))
        case 7: .boolean(try truth(&reader, key))
        case 8: .string(try reader.text("metadata[\(key)]"))
        case 9: try array(&reader, key: key, depth: depth + 1)
        case 10: unsigned(wide: try reader.integer(UInt64.self, "metadata[\(key)]"))
        case 11: .integer(Int(try reader.integer(Int64.self, "metadata[\(key)]")))
        case 12: .number(Double(bitPattern: try reader.integer(UInt64.self, "metadata[\(key)]")))
        default:
            throw WeightFileError(
                .invalid, file: reader.file, field: "metadata[\(key)].type", found: "\(type)",
                expected: "a GGUF value type, 0 to 12")
        }
    }

    private static func unsigned(wide value: UInt64) -> GGUFValue {
        if let narrow = Int(exactly: value) { .integer(narrow) } else { .unsigned(value) }
    }

    private static func truth(_ reader: inout ByteReader, _ key: String) throws(WeightFileError) -> Bool {
        let value = try reader.integer(UInt8.self, "metadata[\(key)]")
        guard value <= 1 else {
            throw WeightFileError(
                .invalid, file: reader.file, field: "metadata[\(key)]", found: "\(value)", expected: "0 or 1")
        }
        return value == 1
    }

    private static func array(
        _ reader: inout ByteReader, key: String, depth: Int
    ) throws(WeightFileError) -> GGUFValue {
        let type = try reader.integer(UInt32.self, "metadata[\(key)].element type")
        guard depth <= deepestArray, let size = leastSize(type) else {
            throw WeightFileError(
                .invalid, file: reader.file, field: "metadata[\(key)].element type", found: "\(type) at depth \(depth)",
                expected: "a GGUF value type, 0 to 12, at most \(deepestArray) arrays deep")
        }
        let count = try reader.count(of: size, "metadata[\(key)].count")
        switch type {
        case 0: return .integers(try integers(UInt8.self, &reader, count, key))
        case 1: return .integers(try integers(Int8.self, &reader, count, key))
        case 2: return .integers(try integers(UInt16.self, &reader, count, key))
        case 3: return .integers(try integers(Int16.self, &reader, count, key))
        case 4: return .integers(try integers(UInt32.self, &reader, count, key))
        case 5: return .integers(try integers(Int32.self, &reader, count, key))
        case 11: return .integers(try integers(Int64.self, &reader, count, key))
        case 6:
            return .numbers(
                try elements(count) { () throws(WeightFileError) in
                    Double(Float(bitPattern: try reader.integer(UInt32.self, "metadata[\(key)]")))
                })
        case 12:
            return .numbers(
                try elements(count) { () throws(WeightFileError) in
                    Double(bitPattern: try reader.integer(UInt64.self, "metadata[\(key)]"))
                })
        case 7: return .booleans(try elements(count) { () throws(WeightFileError) in try truth(&reader, key) })
        case 8:
            return .strings(
                try elements(count) { () throws(WeightFileError) in try reader.text("metadata[\(key)]") })
        default:
            let values = try elements(count) { () throws(WeightFileError) in
                try read(&reader, type: type, key: key, depth: depth)
            }
            let narrow = values.compactMap(\.integer)
            return type == 10 && narrow.count == count ? .integers(narrow) : .values(values)
        }
    }

    private static func integers<Stored: FixedWidthInteger & BitwiseCopyable>(
        _ type: Stored.Type, _ reader: inout ByteReader, _ count: Int, _ key: String
    ) throws(WeightFileError) -> [Int] {
        try elements(count) { () throws(WeightFileError) in
            Int(truncatingIfNeeded: try reader.integer(Stored.self, "metadata[\(key)]"))
        }
    }

    private static func elements<Element>(
        _ count: Int, _ next: () throws(WeightFileError) -> Element
    ) throws(WeightFileError) -> [Element] {
        var elements = [Element]()
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try next()) }
        return elements
    }

    /// The fewest bytes that a value of a type takes; `nil` for a type that does not exist.
    private static func leastSize(_ type: UInt32) -> Int? {
        switch type {
        case 0, 1, 7: 1
        case 2, 3: 2
        case 4, 5, 6: 4
        case 8, 10, 11, 12: 8
        case 9: 12
        default: nil
        }
    }
}
