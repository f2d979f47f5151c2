/// A benchmark with all that it needs, ready to be done again and again.
struct Trial: Sendable {
    /// The baseline that its figures are compared with.
    enum Baseline: Sendable {
        /// Nothing.
        case none
        /// The rate at which the products of its cost would go at the sgemm peak.
        case atPeak
        /// Work in this process, done before each round.
        case work(name: String, @Sendable () async throws -> Double)
        /// Another program, measured before.
        case program
    }

    /// A description of the work, with its sizes.
    let title: String
    let baseline: Baseline
    /// The operations and bytes of one unit of the figure, if it is a rate of arithmetic.
    var cost: Roofline.Cost?
    /// Does the work once; gives the figure in the benchmark's unit.
    let measure: @Sendable () async throws -> Double
}
