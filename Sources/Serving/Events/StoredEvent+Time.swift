import JSONText
import Store

extension StoredEvent {
    /// When it was stored, as its JSON says; empty if that cannot be read.
    ///
    /// Times are written with the same digits, so that their texts are in order as they are.
    var time: String {
        // The envelope begins so, and a whole history is put in order by these.
        let bytes = json.utf8
        if bytes.starts(with: Self.head.utf8) {
            let rest = bytes.dropFirst(Self.head.utf8.count)
            return String(decoding: rest.prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
        }
        return (try? JSONValue(json: Array(bytes), repeatedNames: .lastTaken))?["ts"]?.string ?? ""
    }

    private static let head = #"{"v":1,"ts":""#
}
