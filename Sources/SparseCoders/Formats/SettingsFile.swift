import Foundation

/// A JSON object of settings, read field by field; every fault names file and field.
struct SettingsFile {
    private let path: String
    /// The prefix of the names of fields: the names of the objects that they are in.
    private let prefix: String
    private let fields: [String: Value]

    private enum Value: Decodable {
        case null
        case boolean(Bool)
        case integer(Int)
        case number(Double)
        case string(String)
        case object([String: Value])
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let value = try? container.decode(Bool.self) {
                self = .boolean(value)
            } else if let value = try? container.decode(Int.self) {
                self = .integer(value)
            } else if let value = try? container.decode(Double.self) {
                self = .number(value)
            } else if let value = try? container.decode(String.self) {
                self = .string(value)
            } else if let value = try? container.decode([String: Value].self) {
                self = .object(value)
            } else {
                self = .other
            }
        }

        var description: String {
            switch self {
            case .null: "null"
            case .boolean(let value): "\(value)"
            case .integer(let value): "\(value)"
            case .number(let value): "\(value)"
            case .string(let value): value.prefix(80).debugDescription
            case .object, .other: "a list or an object"
            }
        }
    }

    init(path: String) throws(CoderError) {
        self.path = path
        prefix = ""
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw .unreadable(file: path, reason: error.localizedDescription)
        }
        do {
            fields = try JSONDecoder().decode([String: Value].self, from: data)
        } catch {
            throw .unreadable(file: path, reason: "it is not a JSON object")
        }
    }

    private init(path: String, prefix: String, fields: [String: Value]) {
        self.path = path
        self.prefix = prefix
        self.fields = fields
    }

    func fault(_ field: String, found: String, expected: String) -> CoderError {
        .setting(file: path, field: prefix + field, found: found, expected: expected)
    }

    /// Whether a field is there and is not null.
    func has(_ field: String) -> Bool {
        switch fields[field] {
        case nil, .null: false
        default: true
        }
    }

    /// Whether a field is there and is `true` or `false`.
    func isBoolean(_ field: String) -> Bool { if case .boolean = fields[field] { true } else { false } }

    /// The settings within a field; none if it is not there.
    func object(_ field: String) throws(CoderError) -> SettingsFile {
        switch fields[field] {
        case nil, .null: return SettingsFile(path: path, prefix: prefix + field + ".", fields: [:])
        case .object(let found): return SettingsFile(path: path, prefix: prefix + field + ".", fields: found)
        case let found?: throw fault(field, found: found.description, expected: "an object")
        }
    }

    /// A text, if the field is there.
    func text(_ field: String) throws(CoderError) -> String? {
        has(field) ? try string(field, default: "") : nil
    }

    /// One of some texts.
    func choice(_ field: String, of choices: [String], default value: String) throws(CoderError) -> String {
        let found = try string(field, default: value)
        guard choices.contains(found) else {
            throw fault(
                field, found: found.prefix(80).debugDescription,
                expected: "one of " + choices.joined(separator: ", "))
        }
        return found
    }

    func string(_ field: String, default value: String) throws(CoderError) -> String {
        switch fields[field] {
        case nil, .null: return value
        case .string(let found): return found
        case let found?: throw fault(field, found: found.description, expected: "a text")
        }
    }

    func boolean(_ field: String, default value: Bool) throws(CoderError) -> Bool {
        switch fields[field] {
        case nil, .null: return value
        case .boolean(let found): return found
        case let found?: throw fault(field, found: found.description, expected: "true or false")
        }
    }

    /// A whole number in a range; without a default the field must be there.
    func integer(_ field: String, in range: ClosedRange<Int>, default value: Int? = nil) throws(CoderError) -> Int {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        switch fields[field] {
        case nil, .null:
            guard let value else { throw fault(field, found: "nothing", expected: expected) }
            return value
        case .integer(let found) where range.contains(found): return found
        case let found?: throw fault(field, found: found.description, expected: expected)
        }
    }
}
