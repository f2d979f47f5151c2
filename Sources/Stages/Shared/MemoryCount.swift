package import Observability

/// How the bytes of values that are kept are counted: under which part and name, and how many a value has.
package struct MemoryCount<Made: Sendable>: Sendable {
    private let meter: MemoryMeter
    private let part: MemoryMeter.Part
    private let name: String
    private let bytes: @Sendable (Made) -> Int

    /// Counts values under a part and the name of their holder.
    package init(
        _ meter: MemoryMeter, _ part: MemoryMeter.Part, name: String, bytes: @escaping @Sendable (Made) -> Int
    ) {
        self.meter = meter
        self.part = part
        self.name = name
        self.bytes = bytes
    }

    /// Counts a value that is kept from now on, and returns its bytes.
    func keep(_ made: Made) -> Int {
        let bytes = bytes(made)
        meter.add(bytes, to: part, by: name)
        return bytes
    }

    /// Takes back the bytes of a value that is kept no longer.
    func release(_ bytes: Int) { meter.add(-bytes, to: part, by: name) }
}
