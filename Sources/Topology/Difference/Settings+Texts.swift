extension Topology {
    /// Its own settings by their paths, as texts; secrets by their origin.
    var settings: [String: String] {
        var settings = [
            "version": "\(version)", "name": name, "state.directory": state.directory,
            "state.checkpoint": "\(state.checkpointMilliseconds)ms", "state.memory": "\(state.memoryBytes)",
        ]
        if let http = httpSettings {
            settings["http.address"] = http.address
            settings["http.token"] = http.token?.source
            settings["http.write_token"] = http.writeToken?.source
            settings["http.connections"] = "\(http.limits.connections)"
            settings["http.request_timeout"] = "\(http.limits.requestMilliseconds)ms"
            settings["http.idle_timeout"] = "\(http.limits.idleMilliseconds)ms"
        }
        settings["budget.tokens"] = budget?.tokens.map { "\($0)" }
        settings["budget.cost"] = budget?.cost.map { "\($0)" }
        if let shuffle {
            settings["shuffle.brokers"] = shuffle.brokers
            settings["shuffle.topic"] = shuffle.topic
            settings["shuffle.shards"] = "\(shuffle.shards)"
            settings["shuffle.block"] = "\(shuffle.block)"
            settings["shuffle.lag"] = "\(shuffle.lag)"
            settings["shuffle.librdkafka"] = shuffle.settings.sorted { $0.key < $1.key }.map { name, value in
                switch value {
                case .plain(let text): "\(name): \(text)"
                case .secret(let secret): "\(name): \(secret.source)"
                }
            }.joined(separator: ", ")
        }
        return settings
    }
}

extension ModelEntry {
    /// Its settings by their fields, as texts; secrets by their origin.
    var settings: [String: String] {
        switch self {
        case .file(let file): file.settings
        case .openAI(let endpoint): endpoint.settings
        }
    }

    /// The places of its settings in the file, by field.
    var marks: [String: SourceMark] {
        switch self {
        case .file(let file): file.marks
        case .openAI(let endpoint): endpoint.marks
        }
    }
}

extension ModelFile {
    fileprivate var settings: [String: String] {
        let bos =
            switch bos {
            case .auto: "auto"
            case .none: "none"
            case .token(let token): token
            }
        return [hasWeights ? "path" : "tokenizer": path, "bos": bos, "activations": activations.rawValue]
    }
}

extension ModelEndpoint {
    fileprivate var settings: [String: String] {
        var settings = [
            "openai": url, "model": model, "concurrency": "\(concurrency)", "timeout": "\(timeoutMilliseconds)ms",
            "retries": "\(retries)", "token_limit_field": form.tokenLimitField,
            "temperature": form.sendsTemperature ? "0" : "none", "prefill": form.prefill,
            "likeliest_tokens": "\(form.likeliestTokens)", "thinking_tokens": "\(form.thinkingTokens)",
            "prompt_cache_key": "\(form.sendsCacheKey)", "batch": "\(batches != nil)",
        ]
        settings["api_key"] = apiKey?.source
        if !form.extra.isEmpty {
            settings["extra"] = form.extra.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
                .joined(separator: ", ")
        }
        if let batches {
            settings["batch_collect"] = "\(batches.collectMilliseconds)ms"
            settings["batch_requests"] = "\(batches.requests)"
        }
        if let prices {
            settings["price_input"] = "\(prices.input)"
            settings["price_output"] = "\(prices.output)"
            settings["price_cached"] = "\(prices.cached)"
            settings["batch_discount"] = "\(prices.batchDiscount)"
        }
        return settings
    }
}
