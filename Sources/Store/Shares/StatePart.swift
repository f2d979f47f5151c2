/// The state of one process, alone or among those that are joined.
package struct StatePart: StoreReading {
    /// The access to its database.
    package let connection: StoreConnection
}

extension StoreReading {
    /// The states that are read, one for each share, for whoever follows each by its own numbers.
    package var eachPart: [StatePart] { connection.parts.map(StatePart.init) }
}
