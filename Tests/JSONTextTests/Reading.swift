import Foundation
import JSONText

/// The value of a text that must be JSON.
func json(_ text: String) throws(JSONError) -> JSONValue { try JSONValue(json: Array(text.utf8)) }

/// Why bytes cannot be read as a tree; `nil` if they can.
func readingError(_ bytes: [UInt8], _ repeatedNames: JSONValue.RepeatedNames = .refused) -> JSONError? {
    do throws(JSONError) {
        _ = try JSONValue(json: bytes, repeatedNames: repeatedNames)
        return nil
    } catch {
        return error
    }
}

/// Why bytes cannot be passed over as one value; `nil` if they can.
func scanningError(_ bytes: [UInt8]) -> JSONError? {
    do throws(JSONError) {
        try JSONScanner.scan(bytes) { scanner throws(JSONError) in try scanner.skipValue() }
        return nil
    } catch {
        return error
    }
}

/// Foundation's value of bytes; `nil` if it refuses them.
func foundation(_ bytes: [UInt8]) -> Any? {
    try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
}

/// Whether Foundation takes bytes for more than RFC 8259 allows: a comma after the last element or member, or an
/// encoding that is not UTF-8 or has a mark, which it tells from the first bytes.
func foundationIsLax(_ bytes: [UInt8]) -> Bool {
    let closed = String(decoding: bytes.filter { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }, as: UTF8.self)
    return closed.contains(",]") || closed.contains(",}") || bytes.prefix(4).contains(0) || bytes.first ?? 0 > 0x7f
}
