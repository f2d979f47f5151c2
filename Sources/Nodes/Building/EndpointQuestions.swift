import Inference
import Scoring
import Synchronization
import Topology

/// Asks each server of a topology one tiny question of each kind that its nodes may put to it, and says what it can do.
///
/// The questions do not count towards the topology's budget: each is of a few tokens, but for the thoughts of models that think.
package enum EndpointQuestions {
    /// What was found of one model.
    package struct Finding: Sendable, Hashable {
        /// How it stands with the nodes that ask the model.
        package enum Verdict: Sendable, Hashable {
            /// It answers as they need it.
            case able
            /// It answers, but not all of it can be used.
            case limited
            /// It does not answer.
            case unable
        }

        /// The name of the model in the topology.
        package let model: String
        /// How it stands.
        package let verdict: Verdict
        /// What it can do, or its own words if it cannot.
        package let text: String
    }

    /// The longest wait for an answer: a model that thinks takes its time.
    static let patience = Duration.seconds(60)

    /// Findings about all models behind servers that a node names, by name.
    package static func findings(of graph: Graph) async -> [Finding] {
        let uses = graph.nodes.flatMap(\.models)
        var asked: [(name: String, endpoint: ModelEndpoint, purposes: Set<ModelUse.Purpose>)] = []
        for (name, entry) in graph.topology.models.sorted(by: { $0.key < $1.key }) {
            guard case .openAI(let endpoint) = entry else { continue }
            let purposes = Set(uses.filter { $0.name == name }.map(\.purpose))
            if !purposes.isEmpty { asked.append((name, endpoint, purposes)) }
        }
        return await mapConcurrently(asked, limit: 4) { model in
            await findings(of: model.name, at: model.endpoint, for: model.purposes)
        }.flatMap(\.self)
    }

    private static func findings(
        of name: String, at endpoint: ModelEndpoint, for purposes: Set<ModelUse.Purpose>
    ) async -> [Finding] {
        let transport = AsyncHTTPClientTransport(concurrency: 1)
        var found: [Finding] = []
        do {
            var configuration = try OpenAIConfiguration(endpoint)
            configuration.timeout = min(configuration.timeout, patience)
            configuration.retry.maximumAttempts = 1
            if purposes.contains(.sentences) {
                let connection = OpenAIConnection(configuration: configuration, transport: transport)
                found.append(await vectors(of: name, try OpenAIEmbeddings(connection)))
            }
            if purposes.contains(where: { $0 != .sentences }) {
                let notes = Notes()
                let connection = OpenAIConnection(
                    configuration: configuration, transport: transport, note: { notes.add($0) })
                let readings = purposes.compactMap { purpose -> ReadingQuestion? in
                    if case .reading(let question) = purpose { question } else { nil }
                }
                found.append(await answers(of: name, try OpenAIModel(connection), readings: readings, notes: notes))
            }
        } catch {
            found.append(Finding(model: name, verdict: .unable, text: "\(error)"))
        }
        // The questions have been answered; a failure to close changes nothing.
        try? await transport.close()
        return found
    }

    /// What a server taught of itself.
    final class Notes: Sendable {
        private let state = Mutex<[String]>([])
        var lines: [String] { state.withLock(\.self) }
        func add(_ line: String) { state.withLock { $0.append(line) } }
    }

    /// What a chat model answers to a list, to yes or no, after a start of its answer, and of given texts where that is needed.
    @inline(never)
    static func answers(
        of name: String, _ model: OpenAIModel, readings: [ReadingQuestion], notes: Notes
    ) async -> Finding {
        var abilities: [String] = []
        var isLimited = false
        do {
            let answer = try await model.complete(listPrompt, maximumTokens: 64)
            let said = FinalAnswer.text(of: answer.text)
            if let said, !answer.isCutOff, VerdictList.parse(said, count: 2) != nil {
                abilities.append("answers lists")
            } else {
                isLimited = true
                abilities.append("was asked for a list of two verdicts and said: \(answer.start)")
            }
            if said != answer.text || answer.tokensOut > 48 {
                abilities.append("thinks before it answers (\(answer.tokensOut) tokens)")
            }
        } catch {
            return Finding(model: name, verdict: .unable, text: error.message)
        }
        do {
            let count = try await model.likeliestTokens(after: yesPrompt)
            abilities.append("gives the \(count) likeliest tokens with log-probabilities")
        } catch {
            abilities.append("gives no log-probabilities (`answers: list` is needed): \(error.message)")
        }
        if let failure = await startFailure(of: model) {
            abilities.append("does not go on with the start of an answer: \(failure.message)")
        } else if !notes.lines.contains(where: { $0.contains("start of an answer") }) {
            abilities.append("takes the start of an answer")
        }
        for reading in Set(readings) {
            if let failure = await readingFailure(of: model, reading) {
                isLimited = true
                abilities.append("does not tell how likely given texts are, which a node needs: \(failure.message)")
            } else {
                abilities.append("tells how likely given texts are")
            }
        }
        abilities += notes.lines
        return Finding(model: name, verdict: isLimited ? .limited : .able, text: abilities.joined(separator: "; "))
    }

    private static func startFailure(of model: OpenAIModel) async -> InferenceError? {
        do {
            _ = try await model.complete(
                Prompt(messages: [.user("What colour is grass?")], answerPrefix: "Grass is"), maximumTokens: 8)
            return nil
        } catch {
            return error
        }
    }

    private static func readingFailure(of model: OpenAIModel, _ question: ReadingQuestion) async -> InferenceError? {
        do {
            try await question.ask(model)
            return nil
        } catch {
            return error
        }
    }

    @inline(never)
    private static func vectors(of name: String, _ embeddings: OpenAIEmbeddings) async -> Finding {
        do {
            let width = try await embeddings.vectors(of: ["a"]).first?.vector.count ?? 0
            return Finding(model: name, verdict: .able, text: "gives vectors of \(width) numbers")
        } catch {
            return Finding(model: name, verdict: .unable, text: "gives no vectors: \(error)")
        }
    }

    private static let listPrompt = Prompt(messages: [
        .system(
            "For each example decide whether it fits the explanation. Answer with a JSON list and nothing else: one "
                + "number for each example, in order, 1 for yes and 0 for no."),
        .user("Explanation: Names of metals.\nExample 1: a bowl of copper\nExample 2: he ran home"),
    ])

    private static let yesPrompt = Prompt(messages: [
        .system("Does the example fit the explanation? Answer with one word: Yes or No."),
        .user("Explanation: Names of metals.\nExample 1: a bowl of copper"),
    ])
}
