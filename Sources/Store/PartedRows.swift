import GRDB

/// Reads rows a part at a time, so that a long reading can be left.
enum PartedRows {
    /// The rows that are read before the reader is asked whether it goes on.
    static let part = 1024

    /// What `make` makes of each row, in order; `nil` if `goesOn` is false after a part that others follow.
    static func read<Element>(
        _ rows: RowCursor, while goesOn: () -> Bool, _ make: (Row) throws -> Element
    ) throws -> [Element]? {
        var elements: [Element] = []
        while let row = try rows.next() {
            if !elements.isEmpty, elements.count % part == 0, !goesOn() { return nil }
            elements.append(try make(row))
        }
        return elements
    }
}
