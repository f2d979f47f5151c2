import Inference
import Running
import Topology

extension OpenAIConfiguration {
    /// How a topology's endpoint is asked.
    ///
    /// - Throws: `DaemonError` if its key is no key, `TopologyError` if the key cannot be read.
    init(_ endpoint: ModelEndpoint) throws {
        var key: APIKey?
        if let secret = endpoint.apiKey {
            key = APIKey(try secret.reveal())
            guard key != nil else {
                throw DaemonError(
                    .configuration, "the API key for \(endpoint.url) is empty or not one line of plain text")
            }
        }
        self.init(endpoint: endpoint.url, model: endpoint.model, key: key)
        concurrency = endpoint.concurrency
        timeout = .milliseconds(endpoint.timeoutMilliseconds)
        retry.maximumAttempts = endpoint.retries + 1
        tokenLimitField = endpoint.form.tokenLimitField
        sendsTemperature = endpoint.form.sendsTemperature
        prefill = Prefill(rawValue: endpoint.form.prefill) ?? .trailingMessage
        likeliestTokens = endpoint.form.likeliestTokens
        thinkingTokens = endpoint.form.thinkingTokens
        extra = endpoint.form.extra
        sendsCacheKey = endpoint.form.sendsCacheKey
    }
}

extension BatchLimits {
    /// When a topology's questions are sent.
    init(_ form: BatchForm) {
        self.init()
        requests = form.requests
        collecting = .milliseconds(form.collectMilliseconds)
    }
}
