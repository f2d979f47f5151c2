import Dataflow
import Elements
import Foundation
import Hashing
import Hummingbird
import LatentSheets
import NIOHTTP1
import Observability
import PipelineSheets
import Running
import StateFixtures
import Store
import Testing
import Yams

@testable import Interchange
@testable import Serving
@testable import Topology

/// The description of the API, held to the routes that there are and to what they answer.
@Suite(.timeLimit(.minutes(5))) struct OpenAPITests {
    private let file: SchemaFile

    init() throws {
        file = try SchemaFile(OpenAPIRoute.text)
    }

    /// The routes of a daemon, as `GET /path`.
    private func routes(writes: WriteAccess?) -> Set<String> {
        let services = HTTPServices(
            readiness: Readiness(),
            metrics: RunMetrics(progress: RunProgress(), version: "1", topology: "t", digest: "d"))
        let routes = services.router(host: "127.0.0.1", token: nil, writes: writes).routes
        // Each GET is answered to HEAD as well.
        return Set(routes.map { "\($0)" }.filter { !$0.hasPrefix("HEAD ") })
    }

    private func access(_ directory: String = "", _ outcome: ReloadOutcome = .unchanged) -> WriteAccess {
        WriteAccess(token: "s3cret", directory: directory, reload: { outcome }, log: { _ in })
    }

    @Test func everyRouteIsDescribedAndNothingElseIs() {
        let routes = routes(writes: access())
        // Pages are for people.
        let pages = [
            "/", "/latents", "/failures", "/compare", "/list", "/pipeline", "/l/{coder}/{latent}", "/s/{job}",
            "/assets/{name}",
        ]
        #expect(routes.isSuperset(of: pages.map { "GET \($0)" }))
        #expect(routes.subtracting(pages.map { "GET \($0)" }) == file.operations)
        // Without a token for it there is nothing that changes anything.
        #expect(self.routes(writes: nil) == routes.filter { $0.hasPrefix("GET ") })
    }

    @Test func whatIsAnsweredToWhoChangesSomethingHasTheFormThatIsDescribed() async throws {
        let (key, mark) = (("Authorization", "Bearer s3cret"), SourceMark(line: 3, column: 9))
        let change = SettingChange(
            subject: .node("detected"), path: "stages.detected.examples", kind: .changed(from: "4", to: "5"), mark: mark
        )
        let fault = Diagnostic(.fixedSetting, file: "t.yaml", mark: mark, message: "no", help: "put it back")
        for (outcome, status) in [(ReloadOutcome.applied([change]), 200), (.refused([fault]), 422)] {
            try await RunningServer.with(writes: { access($0, outcome) }) { server async throws in
                for path in ["/reload", "/api/v1/reload"] {
                    let answer = try await server.get(path, method: .POST, headers: [key])
                    #expect(answer.status == status)
                    #expect(try file.faults(of: answer.body, from: path, "post", status) == [])
                }
                let retried = try await server.post("/api/v1/retry", body: "{\"node\":\"a\"}", headers: [key])
                #expect(retried.status == 200)
                #expect(try file.faults(of: retried.body, from: "/api/v1/retry", "post") == [])
                let taker = RequestTaker(
                    node: "lexical", kinds: [.explain], coder: "codes", latents: 9, explainers: ["lexical"])
                try RequestTaker.write([taker], to: server.store)
                let asked = try await server.post("/api/v1/explain", body: "{\"latents\":[3]}", headers: [key])
                #expect(asked.status == 202)
                #expect(try file.faults(of: asked.body, from: "/api/v1/explain", "post", 202) == [])
                let refused = try await server.get("/api/v1/reload", method: .POST)
                #expect(refused.status == 401 && file.faultsOfFailure(refused.body) == [])
            }
        }
    }

    @Test func whatIsAnsweredHasTheFormThatIsDescribed() async throws {
        try await RunningServer.with { server async throws in
            let explanation = Fixture.explanation(1, latent: 3, text: "dates")
            var score = Fixture.score(3, 0.84, explainedBy: "lexical", failed: 2)
            score.explanation = explanation.job
            try server.store.record(explanations: [explanation], scores: [score])
            try server.store.keep(
                verdicts: KeptVerdicts(examples: [.init(tokens: [1, 2], marked: [], isPositive: true, isYes: true)])
                    .bytes,
                of: score.job)
            let window = Window(tokens: [1, 2], identity: Fixture.hash(9), priority: 1)
            let evidence = LatentEvidence(
                latent: 3,
                statistics: LatentStatistics(
                    tokensFired: 20, windowsFired: 20, sum: 40, sumOfSquares: 1, maximum: 3, histogram: [20]),
                train: [Example(window: window, activations: [0, 3])], top: [], test: [], recent: [])
            server.services.latestEvidence.put(
                EvidenceUpdate(
                    view: FixedView(totals: StreamTotals(tokens: 1000), [evidence]), epoch: 4, isCaughtUp: true))
            let own = try #require(server.services.state.served)
            let meter = PipelineMeter(progress: server.progress, timers: [StageTimers(node: "corpus")])
            server.services.state.served = Served(
                reader: own.reader, stateName: own.stateName, sheets: own.sheets,
                pipeline: ServedPipeline(graph: PipelineRoutesTests.graph, store: own.reader, meter: meter),
                timers: own.timers, lag: own.lag)
            server.services.metrics.configuration.loaded("name: t", of: "/t.yaml", digest: "cd", at: 7000)
            for (path, template) in [
                ("/readyz", "/readyz"), ("/api/v1/overview", "/api/v1/overview"),
                ("/api/v1/latents?limit=4", "/api/v1/latents"),
                ("/api/v1/latents/codes/3", "/api/v1/latents/{coder}/{latent}"),
                ("/api/v1/scores/\(score.job)", "/api/v1/scores/{job}"), ("/api/v1/compare", "/api/v1/compare"),
                ("/api/feature/m/codes/3", "/api/feature/{model}/{source}/{index}"),
                ("/api/v1/config", "/api/v1/config"), ("/api/v1/pipeline", "/api/v1/pipeline"),
            ] {
                let answer = try await server.get(path)
                #expect(answer.status == 200, "\(path)")
                #expect(try file.faults(of: answer.body, from: template) == [], "\(path)")
            }
            for (path, code) in [("/api/v1/latents?limit=0", "400"), ("/api/v1/scores/0", "404")] {
                let answer = try await server.get(path)
                #expect("\(answer.status)" == code && file.faultsOfFailure(answer.body) == [], "\(path)")
            }
        }
    }

    @Test func aValueOfAnotherFormIsFound() throws {
        let template = "/api/v1/latents"
        #expect(
            try file.faults(
                of: #"{"v":1,"total":1,"found":"1","offset":0,"latents":[{"coder":"c"}],"more":1}"#, from: template)
                == [
                    "found: no integer", "latents[0]: no labels", "latents[0]: no latent", "latents[0]: no scores",
                    "latents[0]: no state", "more: not described",
                ])
    }

    @Test func theFileItselfIsServed() async throws {
        try await RunningServer.with { server async throws in
            let answer = try await server.get("/api/v1/openapi.yaml")
            #expect(answer.status == 200 && answer.body == OpenAPIRoute.text)
            #expect(answer.headers["content-type"] == ["application/yaml; charset=utf-8"])
        }
    }
}

/// A description of an API, and as much of JSON Schema as it uses.
private struct SchemaFile {
    private let root: [String: Any]

    init(_ text: String) throws {
        root = try #require(try Yams.load(yaml: text) as? [String: Any])
    }

    private var paths: [String: [String: Any]] { root["paths"] as? [String: [String: Any]] ?? [:] }

    /// The operations, as `GET /path`.
    var operations: Set<String> {
        Set(paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } })
    }

    /// What an answer has that is not described, or lacks.
    func faults(
        of body: String, from path: String, _ method: String = "get", _ status: Int = 200
    ) throws -> [String] {
        let content = part(["paths", path, method, "responses", "\(status)", "content", "application/json"])
        let schema = try #require(content?["schema"] as? [String: Any], "\(path)")
        return Self.sorted(faults(of: try value(body), schema, at: ""))
    }

    /// The same of a failure.
    func faultsOfFailure(_ body: String) -> [String] {
        guard let schema = part(["components", "schemas", "Fault"]), let value = try? value(body) else {
            return ["no JSON"]
        }
        return faults(of: value, schema, at: "")
    }

    private func value(_ body: String) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(body.utf8), options: .fragmentsAllowed)
    }

    private static func sorted(_ faults: [String]) -> [String] { faults.sorted() }

    private func part(_ names: [String]) -> [String: Any]? {
        names.reduce(root as [String: Any]?) { $0?[$1] as? [String: Any] }
    }

    private func faults(of value: Any, _ schema: [String: Any], at place: String) -> [String] {
        if let reference = schema["$ref"] as? String {
            let names = reference.split(separator: "/").dropFirst().map(String.init)
            guard let found = part(names) else { return ["\(place): no schema \(reference)"] }
            return faults(of: value, found, at: place)
        }
        if let words = schema["enum"] as? [String] {
            return words.contains(value as? String ?? "") ? [] : ["\(place): none of the words"]
        }
        switch schema["type"] as? String {
        case "object": return faults(ofObject: value, schema, at: place)
        case "array":
            guard let list = value as? [Any], let items = schema["items"] as? [String: Any] else {
                return ["\(place): no list"]
            }
            return list.enumerated().flatMap { faults(of: $1, items, at: "\(place)[\($0)]") }
        case "string": return value is String ? [] : ["\(place): no text"]
        case "boolean": return value is Bool ? [] : ["\(place): no truth value"]
        case "integer":
            return (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } == true
                ? [] : ["\(place): no integer"]
        case "number": return value is NSNumber ? [] : ["\(place): no number"]
        default: return ["\(place): no type is described"]
        }
    }

    private func faults(ofObject value: Any, _ schema: [String: Any], at place: String) -> [String] {
        guard let object = value as? [String: Any] else { return ["\(place): no object"] }
        let required = schema["required"] as? [String] ?? []
        let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
        var found = required.filter { object[$0] == nil }.map { "\(place): no \($0)" }
        for (name, member) in object {
            let path = place.isEmpty ? name : "\(place).\(name)"
            if let own = properties[name] {
                found += faults(of: member, own, at: path)
            } else if let other = schema["additionalProperties"] as? [String: Any] {
                found += faults(of: member, other, at: path)
            } else if schema["additionalProperties"] as? Bool != true, !properties.isEmpty {
                found.append("\(path): not described")
            }
        }
        return found
    }
}
