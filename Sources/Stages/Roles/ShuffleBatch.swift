import Dataflow
package import Elements
package import Shuffle

/// Records of the shuffle topic, read and checked, on their way to the reservoir that they are for.
package struct ShuffleBatch: Sendable, Weighed {
    /// A record, and as it was read.
    package struct Element: Sendable {
        package let record: ShuffleRecord
        /// Where it stands.
        package let position: RecordPosition
        package let value: [UInt8]

        package init(_ record: ShuffleRecord, at position: RecordPosition, value: [UInt8]) {
            self.record = record
            self.position = position
            self.value = value
        }
    }

    /// The records, in offset order within a partition.
    package let elements: [Element]
    package let byteCount: Int
    package var elementCount: Int { elements.count }

    /// Makes a batch.
    package init(_ elements: [Element]) {
        self.elements = elements
        byteCount = elements.reduce(0) { $0 + $1.value.count + 256 }
    }
}
