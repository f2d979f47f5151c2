/// What a plan is asked for besides the topology.
package struct PlanQuestion: Sendable {
    /// The tokens of the corpus.
    package let tokens: Double
    /// The number of machines.
    package let machines: Int
    /// The cores of each machine.
    package let cores: Int
    /// What one core does in a second.
    package let rates: MachineRates
    /// The price of an hour of one core; `nil` if it is not counted.
    package let corePrice: Double?

    /// The most tokens that a plan is made for.
    private static let mostTokens = 1e15

    /// Takes the question.
    ///
    /// - Throws: `PlanningError.outOfRange` for the first number that makes no sense.
    package init(
        tokens: Double, machines: Int = 1, cores: Int, rates: MachineRates = .assumed, corePrice: Double? = nil
    ) throws(PlanningError) {
        guard tokens >= 1, tokens <= Self.mostTokens else {
            throw .outOfRange(name: "tokens", expected: "from 1 to 1000T, such as 10M")
        }
        guard (1...100_000).contains(machines) else {
            throw .outOfRange(name: "machines", expected: "a number from 1 to 100000")
        }
        guard (1...4096).contains(cores) else {
            throw .outOfRange(name: "cores", expected: "a number from 1 to 4096")
        }
        if let corePrice, !(corePrice >= 0 && corePrice.isFinite) {
            throw .outOfRange(name: "core-hour", expected: "a price of at least 0")
        }
        self.tokens = tokens
        self.machines = machines
        self.cores = cores
        self.rates = rates
        self.corePrice = corePrice
    }
}

/// Why no plan can be made.
package enum PlanningError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A number of the question makes no sense.
    case outOfRange(name: String, expected: String)
    /// The shape of a node's codes is not known.
    case unknownCodes(node: String)
    /// A node's settings cannot be used.
    case settings(node: String, reason: String)

    /// What is wrong, and what to do.
    package var description: String {
        switch self {
        case .outOfRange(let name, let expected): "--\(name) must be \(expected)"
        case .unknownCodes(let node):
            "\(node): the number of its latents is not known; run `gloss validate` to see what its files lack"
        case .settings(let node, let reason): "\(node): \(reason)"
        }
    }
}
