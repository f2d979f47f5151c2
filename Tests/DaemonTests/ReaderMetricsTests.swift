import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Nodes
import Observability
import Running
import Testing

/// What a process serves that only reads the corpus.
@Suite(.timeLimit(.minutes(5))) struct ReaderMetricsTests {
    private let shared: SharedTopology

    init() throws { shared = try SharedTopology() }

    private func get(_ path: String) async throws -> (status: Int, body: String) {
        let request = HTTPClientRequest(url: shared.fixture.address + path)
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        return (Int(response.status.code), String(buffer: try await response.body.collect(upTo: 1 << 20)))
    }

    @Test func itTellsHowManyRecordsWaitOfEachPartitionAndWhatItsNodesDo() async throws {
        try await shared.feed(0..<12)
        let graph = try shared.graph(header: ["http: 127.0.0.1:0"])
        let running = Task { [fixture = shared.fixture] in
            try await fixture.outcome(of: graph) { options in
                options.clock = ContinuousClock()
                options.role = SharedTopology.reader
            }
        }
        // Answered once its nodes run.
        _ = await shared.fixture.reloads.ask("a test")
        var metrics = ""
        // The ends of partitions are known once something of them has come.
        while !(0..<2).allSatisfy({
            metrics.contains("gloss_kafka_consumer_lag{partition=\"\($0)\",topic=\"texts\"} 0\n")
        }) {
            metrics = try await get("/metrics").body
        }
        #expect(!metrics.contains("topic=\"told\""))
        #expect(
            metrics.contains("gloss_component_busy_seconds_total{component_id=\"codes\",component_type=\"encode\"}"))
        #expect(metrics.contains("gloss_component_busy_seconds_total{component_id=\"evidence\""))
        let latents = try await get("/v1/latents")
        #expect(latents.status == 404 && latents.body.contains("--role evidence"), "\(latents)")
        #expect(try await get("/api/v1/config").status == 200)
        shared.fixture.stop.raise()
        #expect(try await running.value.isStopped)
    }
}
