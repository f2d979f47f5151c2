import Foundation
import JSONText
import WeightFiles

/// A JSON object of settings, read field by field; every fault names file and field.
struct SettingsFile {
    private let path: String
    /// The prefix of the names of fields: the names of the objects that they are in.
    private let prefix: String
    private let fields: JSONValue

    init(path: String) throws(CoderError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            if let refusal = SystemRefusal(error), refusal.isOfTheMachine {
                throw .refused(file: path, reason: refusal.reason)
            }
            throw .unreadable(file: path, reason: error.localizedDescription)
        }
        let fields: JSONValue
        do throws(JSONError) {
            fields = try JSONValue(json: [UInt8](data), repeatedNames: .lastTaken)
        } catch {
            throw .unreadable(file: path, reason: "it is not JSON: \(error.detail); restore it")
        }
        guard fields.object != nil else { throw .unreadable(file: path, reason: "it is not a JSON object") }
        self.init(path: path, prefix: "", fields: fields)
    }

    private init(path: String, prefix: String, fields: JSONValue) {
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
        case nil, .null: return SettingsFile(path: path, prefix: prefix + field + ".", fields: .object([]))
        case let found? where found.object != nil:
            return SettingsFile(path: path, prefix: prefix + field + ".", fields: found)
        case let found?: throw fault(field, found: Self.shown(found), expected: "an object")
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
        case let found?: throw fault(field, found: Self.shown(found), expected: "a text")
        }
    }

    func boolean(_ field: String, default value: Bool) throws(CoderError) -> Bool {
        switch fields[field] {
        case nil, .null: return value
        case .boolean(let found): return found
        case let found?: throw fault(field, found: Self.shown(found), expected: "true or false")
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
        // A whole number may be written with a fraction, such as 64.0.
        case .number(let found) where Int(exactly: found).map(range.contains) == true: return Int(found)
        case let found?: throw fault(field, found: Self.shown(found), expected: expected)
        }
    }

    /// A finite number that must be there.
    func number(_ field: String) throws(CoderError) -> Double {
        switch fields[field] {
        case .integer(let found): return Double(found)
        case .number(let found) where found.isFinite: return found
        case nil, .null: throw fault(field, found: "nothing", expected: "a number")
        case let found?: throw fault(field, found: Self.shown(found), expected: "a number")
        }
    }

    private static func shown(_ value: JSONValue) -> String {
        switch value {
        case .object, .array: "a list or an object"
        case .string(let text): text.prefix(80).debugDescription
        default: value.text
        }
    }
}
