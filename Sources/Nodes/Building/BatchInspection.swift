import Inference
package import Topology

/// Asks the servers of models that are to be asked by batches whether they have some: by a list of none, which costs nothing.
package enum BatchInspection {
    /// What a server says.
    package struct Finding: Sendable, Hashable {
        /// The name of the model.
        package let model: String
        /// The place of its server's address in the file.
        package let mark: SourceMark
        /// `nil` if it has batches.
        package let failure: Failure?
    }

    /// Why batches cannot be counted on.
    package enum Failure: Sendable, Hashable {
        /// The server has none, in its own words.
        case lacks(String)
        /// It is out of reach or busy; the reason.
        case unknown(String)
    }

    /// Findings of all models that a node names and that are to be asked by batches, by name.
    package static func findings(of graph: Graph) async -> [Finding] {
        let names = graph.servedModels.filter(graph.isBatched)
        return await mapConcurrently(names, limit: 4) { name in
            guard case .openAI(let endpoint) = graph.topology.models[name] else { return nil }
            return Finding(model: name, mark: endpoint.mark, failure: await failure(at: endpoint))
        }.compactMap(\.self)
    }

    /// An error for each model whose server has no batches; one out of reach is left to the run.
    package static func diagnostics(of graph: Graph, file: String) async -> [Diagnostic] {
        await findings(of: graph).compactMap { finding in
            guard case .lacks(let reason) = finding.failure else { return nil }
            return Diagnostic(
                .noBatches, file: file, mark: finding.mark,
                message: "model \(finding.model) is to be asked by batches, but its server refuses them: \(reason)",
                help: "leave `batch` out, so that each question is asked by itself")
        }
    }

    private static func failure(at endpoint: ModelEndpoint) async -> Failure? {
        let transport = AsyncHTTPClientTransport(concurrency: 1)
        let failure: Failure?
        do {
            var configuration = try OpenAIConfiguration(endpoint)
            configuration.timeout = min(configuration.timeout, EndpointInspection.patience)
            configuration.retry.maximumAttempts = 1
            failure = await self.failure(of: OpenAIConnection(configuration: configuration, transport: transport))
        } catch {
            failure = .unknown("\(error)")
        }
        // The question has been answered; a failure to close changes nothing.
        try? await transport.close()
        return failure
    }

    @inline(never)
    private static func failure(of connection: OpenAIConnection) async -> Failure? {
        do {
            try await BatchDesk.check(connection)
            return nil
        } catch {
            return error.isRetriable || error.kind == .cancelled ? .unknown(error.message) : .lacks(error.message)
        }
    }
}
