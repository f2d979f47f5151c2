import Dataflow
import Observability
import Testing

@testable import Serving

/// A process that has no results to serve.
@Suite struct ReaderRoutesTests {
    @Test func itsMetricsTellOfItsNodesAndOfWhatWaits() async throws {
        try await RunningServer.with(isServing: false, hasResults: false) { server in
            let before = try await server.get("/metrics").body
            #expect(!before.contains("gloss_kafka_consumer_lag"))
            let timers = StageTimers(node: "codes")
            timers.add(.seconds(3), to: .busy)
            server.services.state.flow = MeasuredFlow(
                timers: [(type: "encode", timers: timers)],
                lag: { [SourceLag(topic: "texts", partition: 2, records: 40)] })
            let metrics = try await server.get("/metrics").body
            #expect(metrics.contains("gloss_kafka_consumer_lag{partition=\"2\",topic=\"texts\"} 40\n"))
            #expect(
                metrics.contains(
                    "gloss_component_busy_seconds_total{component_id=\"codes\",component_type=\"encode\"} 3\n"))
        }
    }

    @Test(arguments: ["/v1/latents", "/v1/events", "/api/v1/pipeline", "/api/v1/failures", "/"])
    func whatNeedsResultsIsNotThereAndSaysWhoHasIt(path: String) async throws {
        try await RunningServer.with(isServing: false, hasResults: false) { server in
            let answer = try await server.get(path)
            #expect(answer.status == 404 && answer.code == "unknown_path")
            #expect(answer.message?.contains("ask one with --role evidence") == true, "\(answer.body)")
        }
    }

    @Test(arguments: ["/livez", "/metrics", "/api/v1/config"])
    func whatNeedsNoneIsServed(path: String) async throws {
        try await RunningServer.with(isServing: false, hasResults: false) { server in
            let answer = try await server.get(path)
            #expect(answer.status == 200)
        }
    }
}
