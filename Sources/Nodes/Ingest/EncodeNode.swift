import Dataflow
import Elements
import LanguageModels
import RecordReading
import Running
import SparseCoders
import Topology

/// Turns activations into codes.
struct EncodeNode: CarriesBarriers, EncodesSubject {
    private static let coder = Field.required(
        "coder", .path,
        """
        The folder or file of a sparse coder (`docs/coders.md` lists the formats), with `#N` for layer N of a set; `neurons` \
        for the hookpoint's own neurons; `random` for a control.
        """)
    private static let hookpoint = Field.required(
        "hookpoint", .hookpoint, "The hookpoint the coder was trained on.")
    private static let checksPlace = Field<PlaceCheck>.word(
        "place", PlaceCheck.allCases, default: .checked,
        """
        Whether what the coder's files say of the place where it was trained must be the hookpoint; `as-given` takes the \
        hookpoint as it is.
        """)
    private static let masksFirst = Field.boolean(
        "mask_first", default: true, "Leave out the first position of every context, an attention sink.")
    private static let active = Field.optionalInteger(
        "k", 1...4096,
        """
        For `neurons`: the most that are active on a token; by default 32. For a coder that keeps a fixed number which its files \
        do not say: that number.
        """)
    private static let averageNorm = Field<Double?>.optionalNumber(
        "average_norm", 1e-6...1e9,
        """
        For a coder that scales its input by the mean length of activations (`expected_average_only_in`) and does not say it: \
        that length; `gloss doctor --estimate` measures it.
        """)
    private static let sides = Field<NeuronSides>.optionalWord(
        "sides", NeuronSides.allCases,
        """
        For `neurons`: which sides of an activation are latents; by default `positive`. `signed` makes each side one.
        """)
    private static let like = Field.optional(
        "like", .path, "For `random`: the folder of the coder whose shape it takes.")
    private static let seed = Field.optionalInteger(
        "seed", 0...Int.max, "For `random`: what the directions are drawn from; by default 0.")
    private static let workers = Field.optionalInteger("workers", 1...512, "Threads; by default one per core.")

    static let schema = NodeSchema(
        kind: .stage, type: "encode", inputs: [.activations], output: .codes,
        fields: [
            coder.schema, hookpoint.schema, checksPlace.schema, masksFirst.schema, active.schema,
            averageNorm.schema, sides.schema,
            like.schema, seed.schema,
            workers.schema,
        ],
        documentation: "Turns activations into sparse codes.")

    let node: Node
    let place: String
    let hookpoint: String
    private let placeCheck: PlaceCheck
    let masksFirst: Bool
    private let active: Int?
    private let averageNorm: Double?
    private let sides: NeuronSides?
    private let like: String?
    private let seed: Int?
    private let workers: Int?

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        place = try node[Self.coder]
        hookpoint = try node[Self.hookpoint]
        placeCheck = try node[Self.checksPlace]
        masksFirst = try node[Self.masksFirst]
        active = try node[Self.active]
        averageNorm = try node[Self.averageNorm]
        sides = try node[Self.sides]
        like = try node[Self.like]
        seed = try node[Self.seed]
        workers = try node[Self.workers]
    }

    var isRandomControl: Bool { if case .random = try? choice() { true } else { false } }

    /// The coder that the fields choose.
    ///
    /// - Throws: `DaemonError` naming the field that is missing or does not belong.
    func choice() throws -> CoderChoice {
        try CoderChoice(
            coder: place, given: CoderGivens(averageNorm: averageNorm, k: active), sides: sides, like: like, seed: seed,
            node: id)
    }

    func identify(into identity: inout StateIdentity, in graph: Graph) throws {
        // The digest of the coder says what a random one was drawn like, and `workers` changes no code.
        identity.add(Self.schema.type)
        let coder = try coder(in: graph)
        identity.add("\(coder.digest)")
        switch try choice() {
        // With a length that is given the digest says that too, so that the coder is noted by its place.
        case .folder where averageNorm != nil: identity.note(Self.coder.schema.name, place)
        case .folder: identity.note(Self.coder, contents: coder.digest)
        case .random:
            identity.note(Self.coder.schema.name, place)
            identity.note(Self.like.schema.name, "a coder of \(coder.latents) latents of width \(coder.inputWidth)")
        case .neurons: identity.note(Self.coder.schema.name, place)
        }
        identity.add(Self.hookpoint, hookpoint)
        identity.add(Self.active, given: active)
        identity.add(Self.averageNorm, given: averageNorm)
        identity.add(Self.masksFirst, masksFirst)
        identity.add(Self.seed, given: seed)
        identity.add(Self.sides, given: sides?.rawValue)
    }

    func shape(in graph: Graph) throws -> CodesShape {
        let coder = try coder(in: graph)
        return CodesShape(
            latents: coder.latents,
            usualActive: Double(
                coder.activation.boundsRows ? coder.k : min(coder.k, CodesShape.unknownActive)),
            digest: coder.digest, inputWidth: coder.inputWidth)
    }

    var hasDirections: Bool { SparseCoder.hasDecoder(at: place) }

    func coder(in graph: Graph) throws -> SparseCoder {
        let choice = try choice()
        return try graph.weights.coder(choice, width: choice.needsWidth ? width(in: graph) : nil)
    }

    /// The width of the activations that it reads; `nil` if nothing that it knows of feeds it.
    private func width(in graph: Graph) throws -> Int? {
        if let given = graph.first((any GivesActivations).self, above: node) { return given.width }
        guard let forward = graph.first((any RunsSubject).self, above: node) else { return nil }
        let model = try graph.weights.model(forward.model)
        return try model.width(at: model.hookpoint(named: hookpoint))
    }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let coder = try coder(in: context.graph)
        let fit = try firstTokens(of: coder, context)
        let (hookpoint, masksFirst, workers) = (hookpoint, masksFirst, workers ?? context.options.cores)
        let backlog = context.backlog
        backlog?.expect(id)
        let pool = ComputePool(name: id, threads: workers, permits: context.permits) { EncodeWorker(coder: coder) }
        let stage = TransformStage<ActivationBatch, CodeBatch, EncodeWorker>(
            pool: pool, width: workers, timers: timers
        ) { [id] worker, batch in
            let start = ContinuousClock.now
            let codes = try worker.encode(batch, hookpoint: hookpoint, maskFirst: masksFirst)
            try fit?.take(codes, of: batch)
            backlog?.worked(id, tokens: batch.elementCount, for: ContinuousClock.now - start)
            return codes
        }
        pipeline.ingest(node, stage, timers)
    }
}

extension EncodeNode {
    /// What is said of a coder's fit after the first tokens; `nil` for one that comes from no folder, which fits nothing.
    private func firstTokens(of coder: SparseCoder, _ context: NodeContext) throws -> FirstTokensFit? {
        guard case .folder = try choice() else { return nil }
        let forward = context.graph.first((any RunsSubject).self, above: node)
        let model = try forward.map { try context.graph.weights.model($0.model) }
        // Activations from elsewhere come without a model; what is no transcoder writes what it reads.
        let own = coder.placement.isTranscoder ? nil : hookpoint
        let place = model.map { written(by: coder, in: $0)?.description } ?? own
        return FirstTokensFit(of: coder, reading: hookpoint, writing: place, masksFirst: masksFirst) {
            [id, notice = context.options.notice] sentence in notice(id, sentence)
        }
    }

    private func check(
        _ training: CoderTraining, _ models: [LanguageModel], in graph: Graph, into findings: inout NodeFindings
    ) {
        guard let forward = graph.first((any RunsSubject).self, above: node) else { return }
        let cutter = graph.first((any CutsContexts).self, above: node)
        var beginsWithBOS: Bool?
        // Where it is not known, that is reported of the model.
        if case .success(let bos) = Result(catching: { try graph.weights.bos(of: cutter?.model ?? forward.model) }) {
            beginsWithBOS = bos != nil
        }
        for model in models {
            TrainingCheck(
                training: training, model: model.name, beginsWithBOS: beginsWithBOS,
                contextLength: cutter?.contextLength
            ).report(at: node.mark(of: Self.coder), of: id, into: &findings)
        }
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        let choice: CoderChoice
        do {
            choice = try self.choice()
        } catch {
            return findings.report(.badCoder, node.mark(of: Self.coder), "\(error)")
        }
        if let path = choice.folder, !CoderAddress(path).exists {
            let reason = SparseCoder.reasonForNone(at: path)
            return findings.report(
                .missingFile, node.mark(of: Self.coder), "\(id): \(path): \(reason)", help: NodeFindings.pathHelp)
        }
        let forwards = graph.inputs(of: node).compactMap { $0 as? any RunsSubject }
        for forward in forwards where !forward.hookpoints.contains(hookpoint) {
            findings.report(
                .missingHookpoint, node.mark(of: Self.hookpoint),
                "\(id) reads \(hookpoint), but \(forward.id) gives only \(forward.hookpoints.joined(separator: ", "))")
        }
        var readings = forwards.compactMap { forward -> Reading? in
            guard let model = graph.weights.soundModel(forward.model),
                let point = try? model.hookpoint(named: hookpoint), let width = try? model.width(at: point)
            else { return nil }
            return Reading(name: model.name, width: width, model: model)
        }
        for given in graph.inputs(of: node).compactMap({ $0 as? any GivesActivations }) {
            if given.hookpoint != hookpoint {
                findings.report(
                    .missingHookpoint, node.mark(of: Self.hookpoint),
                    "\(id) reads \(hookpoint), but \(given.id) gives \(given.hookpoint)")
            }
            readings.append(Reading(name: given.id, width: given.width, model: nil))
        }
        // The neurons of a hookpoint that is unknown have been reported already.
        if choice.needsWidth, readings.isEmpty { return }
        do {
            let coder = try graph.weights.coder(choice, width: choice.needsWidth ? readings.first?.width : nil)
            check(coder, choice, readings, in: graph, into: &findings)
        } catch {
            findings.report(.badFile, node.mark(of: Self.coder), "\(id): \(error)")
        }
    }

    /// What feeds it: a model, or a source of what a model gave elsewhere.
    private struct Reading {
        let name: String
        let width: Int
        let model: LanguageModel?
    }

    private func check(
        _ coder: SparseCoder, _ choice: CoderChoice, _ readings: [Reading], in graph: Graph,
        into findings: inout NodeFindings
    ) {
        if case .folder = choice {
            let models = readings.compactMap(\.model)
            if placeCheck == .checked { check(coder.placement.training, models, in: graph, into: &findings) }
            let check = PlacementCheck(coder.placement, reading: hookpoint, in: models)
            check.report(
                at: node.mark(of: Self.hookpoint), of: id, isOverridden: placeCheck == .asGiven, into: &findings)
        }
        for reading in readings where reading.width != coder.inputWidth {
            findings.report(
                .widthMismatch, node.mark(of: Self.coder),
                "\(id): the coder reads vectors of \(coder.inputWidth), but \(hookpoint) of \(reading.name) is \(reading.width) "
                    + "wide",
                help: "it was trained on another model or hookpoint")
        }
    }
}
