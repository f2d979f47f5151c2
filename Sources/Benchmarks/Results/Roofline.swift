/// The limits that a machine's arithmetic and memory set to some work.
///
/// Source: Williams, Waterman and Patterson, "Roofline", CACM 52 (4), 2009.
public struct Roofline: Sendable, Hashable {
    /// The cost of one unit of a figure.
    public struct Cost: Sendable, Hashable {
        /// Floating point operations of its matrix products.
        public let operations: Double
        /// Bytes of weights that must be read for it from memory, at least.
        public let bytes: Double

        /// Makes a cost.
        public init(operations: Double, bytes: Double) {
            self.operations = operations
            self.bytes = bytes
        }

        /// Operations for each byte.
        public var intensity: Double { bytes > 0 ? operations / bytes : .infinity }
    }

    /// Which of the two limits is the lower one.
    public enum Bound: String, Sendable, Hashable, Codable {
        /// The units that multiply and add.
        case arithmetic
        /// The way from memory.
        case memory
    }

    /// Operations a second at the peak.
    public let peak: Double
    /// Bytes a second that can be read.
    public let bandwidth: Double

    /// Makes a roofline.
    public init(peak: Double, bandwidth: Double) {
        self.peak = peak
        self.bandwidth = bandwidth
    }

    /// Operations a second that the machine allows of work of a cost.
    public func attainable(_ cost: Cost) -> Double { min(peak, bandwidth * cost.intensity) }

    /// The limit that such work meets first.
    public func bound(of cost: Cost) -> Bound { bandwidth * cost.intensity < peak ? .memory : .arithmetic }

    /// The roofline in the moments of one measurement among others, if both limits were measured.
    ///
    /// The bandwidth is that of the `memory` benchmark.
    public init?(of measurement: Measurement, among measurements: [Measurement]) {
        guard let peak = measurement.peaks.median,
            let bandwidth = measurements.first(where: { $0.benchmark == .memory })?.value
        else { return nil }
        self.init(peak: peak, bandwidth: bandwidth * 1e9)
    }
}
