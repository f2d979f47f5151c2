internal import Hashing

/// 32 bits of a document's hash: enough to tell whether windows are of one document, by chance wrong once in four billion pairs.
///
/// The lowest of several marks is kept, which is the same in any order.
struct DocumentMark: Sendable, Hashable, Comparable {
    let value: UInt32

    /// The mark of a window that an older version stored, which did not keep it; above all others.
    static let unknown = DocumentMark(value: .max)

    init(value: UInt32) { self.value = value }

    init(_ document: Hash128) { value = min(UInt32(truncatingIfNeeded: document.low), .max - 1) }

    static func < (left: DocumentMark, right: DocumentMark) -> Bool { left.value < right.value }

    /// The mark as other rooms see it; `nil` if it is not known.
    var known: UInt32? { self == .unknown ? nil : value }
}
