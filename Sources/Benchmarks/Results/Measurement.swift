/// The result of one benchmark.
public struct Measurement: Sendable, Hashable {
    /// Whether a goal is reached.
    public enum Verdict: String, Sendable, Hashable, Codable {
        /// It is.
        case ok
        /// It is not.
        case short
        /// There is no goal, or no baseline to tell.
        case open = "–"
    }

    /// The baseline that a figure is compared with.
    public struct Baseline: Sendable, Hashable {
        /// The name of the baseline.
        public let name: String
        /// Its figures, in the unit of the measurement.
        public let figures: [Double]

        /// Makes a baseline.
        public init(name: String, figures: [Double]) {
            self.name = name
            self.figures = figures
        }
    }

    /// The benchmark.
    public let benchmark: Benchmark
    /// A description of the work, with its sizes.
    public let title: String
    /// The figure of each round.
    public let figures: [Double]
    /// The baseline that they are compared with; `nil` if that is missing.
    public let baseline: Baseline?
    /// Whether each figure has the baseline of its own round, measured just before it.
    public let isPaired: Bool
    /// The operations and bytes of one unit of the figure, if it is a rate of arithmetic.
    public let cost: Roofline.Cost?
    /// The sgemm peak just before each round, in operations a second, if there is a cost.
    public let peaks: [Double]
    /// Notes for the reader, such as why there is no baseline.
    public let note: String?

    /// Makes a measurement.
    public init(
        benchmark: Benchmark, title: String, figures: [Double], baseline: Baseline?, isPaired: Bool,
        cost: Roofline.Cost? = nil, peaks: [Double] = [], note: String? = nil
    ) {
        self.benchmark = benchmark
        self.title = title
        self.figures = figures
        self.baseline = baseline
        self.isPaired = isPaired
        self.cost = cost
        self.peaks = peaks
        self.note = note
    }

    /// The median of the figures; `nil` if nothing was measured.
    public var value: Double? { figures.median }

    /// The median over rounds of figure by baseline if they are paired, else the median figure by the median baseline.
    public var ratio: Double? {
        guard let baseline, let value, let base = baseline.figures.median, base > 0 else { return nil }
        guard isPaired else { return value / base }
        return zip(figures, baseline.figures).filter { $0.1 > 0 }.map { $0.0 / $0.1 }.median
    }

    /// Whether the benchmark's goal is reached.
    public var verdict: Verdict {
        guard let goal = benchmark.goal, let value, let reached = goal.isReached(value: value, ratio: ratio) else {
            return .open
        }
        return reached ? .ok : .short
    }
}
