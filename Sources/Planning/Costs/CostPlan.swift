/// What running a topology costs, computed from its settings and rates.
package struct CostPlan: Sendable, Hashable {
    /// Work of the ingest side.
    package struct Work: Sendable, Hashable {
        /// What is done.
        package let name: String
        /// The seconds of one core that it takes.
        package let seconds: PlanFigure
    }

    /// The work of a node.
    package struct Node: Sendable, Hashable {
        /// The node's name.
        package let id: String
        /// The value of `explainer:` or `method:`.
        package let variant: String
        /// The name of the model that it asks; `nil` for none.
        package let model: String?
        /// Its jobs.
        package let jobs: JobCount
        /// The tokens that a model reads and writes for one job of the first round.
        package let tokensPerJob: PlanFigure
        /// The tokens for all jobs of the first round, its controls among them.
        package let tokens: PlanFigure
        /// The core seconds besides what models take.
        package let seconds: PlanFigure
    }

    /// The topology's name.
    package let name: String
    /// The tokens of the corpus.
    package let tokens: Double
    /// The number of machines, and of cores of each.
    package let machines, cores: Int
    /// The evidence of each reservoir.
    package let evidence: [EvidenceCost]
    /// The bytes that explain and score nodes take; `nil` if that is not known.
    package let holding: PlanFigure?
    /// The bytes that evidence, explaining and scoring may take.
    package let memoryBudget: PlanFigure
    /// The bytes of one token of the corpus; the largest where there are several sources.
    package let corpusPerToken: PlanFigure
    /// The bytes of stored evidence and of stored results.
    package let storedEvidence, storedResults: PlanFigure
    /// The work of the ingest side.
    package let ingest: [Work]
    /// The explain and score nodes, in an order in which each comes after what it reads.
    package let nodes: [Node]
    /// The models that are asked, by name.
    package let models: [ModelCost]
    /// The price of an hour of one core; `nil` if it is not counted.
    package let corePrice: Double?

    /// The bytes of the corpus.
    package var corpus: PlanFigure { corpusPerToken.times(tokens) }
    /// The bytes of memory for evidence on usual text.
    package var memory: PlanFigure { evidence.map(\.memory).sum }
    /// The bytes of it on each machine.
    package var memoryOnEach: PlanFigure { memory.times(1 / Double(machines)) }
    /// The bytes of it on each machine with as many windows as are asked for.
    package var askedOnEach: PlanFigure { evidence.map(\.asked).sum.times(1 / Double(machines)) }
    /// The hours of all cores together until the corpus is read.
    package var ingestHours: PlanFigure { hours(ingest.map(\.seconds).sum) }
    /// The hours of all cores together for explaining and scoring, without what servers do.
    package var judgingHours: PlanFigure {
        hours(nodes.map(\.seconds).sum + models.compactMap(\.seconds).sum)
    }
    /// The hours of all cores together.
    package var totalHours: PlanFigure { ingestHours + judgingHours }
    /// The tokens that models are asked.
    package var askedTokens: PlanFigure { models.map { $0.sent + $0.answered }.sum }
    /// The money for servers; `nil` if no model has prices.
    package var serverCost: PlanFigure? {
        let costs = models.compactMap(\.cost)
        return costs.isEmpty ? nil : costs.sum
    }
    /// The money for cores; `nil` if they have no price.
    package var coreCost: PlanFigure? {
        corePrice.map { totalHours.times($0 * Double(machines) * Double(cores)) }
    }

    /// The hours of some seconds of one core, shared out evenly among all cores.
    package func hours(_ seconds: PlanFigure) -> PlanFigure {
        seconds.times(1 / (3600 * Double(machines) * Double(cores)))
    }
}
