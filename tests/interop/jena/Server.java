// A small SPARQL server over Apache Jena's TDB2: Debian has Jena's libraries, but not its server, Fuseki.
// It has the paths of Fuseki: DATASET/query, DATASET/update and DATASET/data. With default-graph-uri=urn:x-arq:UnionGraph,
// the default graph of a query is the union of all graphs.
// Run by: java -cp JARS Server.java HOST PORT FOLDER

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.jena.atlas.web.ContentType;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryExecutionFactory;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.QueryParseException;
import org.apache.jena.query.ReadWrite;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.riot.RDFLanguages;
import org.apache.jena.riot.RDFParser;
import org.apache.jena.riot.RiotException;
import org.apache.jena.riot.resultset.ResultSetLang;
import org.apache.jena.sparql.resultset.ResultsWriter;
import org.apache.jena.sparql.core.DatasetDescription;
import org.apache.jena.sparql.core.DatasetGraph;
import org.apache.jena.sparql.core.DynamicDatasets;
import org.apache.jena.sparql.util.Context;
import org.apache.jena.system.Txn;
import org.apache.jena.tdb2.TDB2Factory;
import org.apache.jena.update.UpdateAction;
import org.apache.jena.update.UpdateFactory;

class Server {
    record Answer(int status, String type, byte[] content) {
        static Answer empty(int status) {
            return new Answer(status, null, new byte[0]);
        }

        static Answer words(int status, String words) {
            return new Answer(status, "text/plain; charset=utf-8", (words + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    interface Work {
        Answer answer(HttpExchange exchange, Map<String, String> parameters) throws IOException;
    }

    static Dataset dataset;

    public static void main(String[] words) throws IOException {
        dataset = TDB2Factory.connectDataset(words[2]);
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(words[0]), Integer.parseInt(words[1])), 0);
        server.createContext("/ds/query", exchange -> handle(exchange, Server::query));
        server.createContext("/ds/update", exchange -> handle(exchange, Server::update));
        server.createContext("/ds/data", exchange -> handle(exchange, Server::data));
        server.createContext("/", exchange -> handle(exchange, (one, parameters) -> Answer.words(404, "There is nothing here.")));
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    static void handle(HttpExchange exchange, Work work) throws IOException {
        Answer answer;
        try {
            answer = work.answer(exchange, parameters(exchange));
        } catch (QueryParseException | RiotException error) {
            answer = Answer.words(400, error.getMessage());
        } catch (RuntimeException error) {
            answer = Answer.words(500, error.toString());
        }
        try (exchange) {
            exchange.getResponseHeaders().set("Server", "Apache Jena Fuseki (its libraries)");
            if (answer.type != null) {
                exchange.getResponseHeaders().set("Content-Type", answer.type);
            }
            boolean bare = answer.content.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.status, bare ? -1 : answer.content.length);
            if (!bare) {
                exchange.getResponseBody().write(answer.content);
            }
        }
    }

    static Answer query(HttpExchange exchange, Map<String, String> parameters) {
        if (!parameters.containsKey("query")) {
            return Answer.words(400, "There is no query.");
        }
        var query = QueryFactory.create(parameters.get("query"));
        String accepted = String.valueOf(exchange.getRequestHeaders().getFirst("Accept"));
        var content = new ByteArrayOutputStream();
        String union = parameters.get("default-graph-uri");
        Supplier<Answer> work = () -> {
            var seen = union == null ? dataset
                : DynamicDatasets.dynamicDataset(DatasetDescription.create(List.of(union), List.of()), dataset, false);
            try (QueryExecution execution = QueryExecutionFactory.create(query, seen)) {
                if (query.isConstructType() || query.isDescribeType()) {
                    Lang lang = accepted.contains("application/n-triples") ? Lang.NTRIPLES : Lang.TURTLE;
                    var graph = query.isConstructType() ? execution.execConstruct() : execution.execDescribe();
                    RDFDataMgr.write(content, graph, lang);
                    return new Answer(200, lang.getHeaderString(), content.toByteArray());
                }
                Lang lang = accepted.contains("text/csv") ? ResultSetLang.RS_CSV
                    : accepted.contains("text/tab-separated-values") ? ResultSetLang.RS_TSV : ResultSetLang.RS_JSON;
                ResultsWriter writer = ResultsWriter.create().lang(lang).build();
                if (query.isAskType()) {
                    writer.write(content, execution.execAsk());
                } else {
                    writer.write(content, execution.execSelect());
                }
                return new Answer(200, lang.getHeaderString(), content.toByteArray());
            }
        };
        return Txn.calculateRead(dataset, work);
    }

    static Answer update(HttpExchange exchange, Map<String, String> parameters) {
        if (!exchange.getRequestMethod().equals("POST") || !parameters.containsKey("update")) {
            return Answer.words(400, "There is no update.");
        }
        var update = UpdateFactory.create(parameters.get("update"));
        // The request is atomic.
        Txn.executeWrite(dataset, () -> UpdateAction.execute(update, dataset));
        return Answer.empty(204);
    }

    static Answer data(HttpExchange exchange, Map<String, String> parameters) throws IOException {
        DatasetGraph graphs = dataset.asDatasetGraph();
        if (exchange.getRequestMethod().equals("POST") && !parameters.containsKey("default") && !parameters.containsKey("graph")) {
            return quads(exchange);
        }
        boolean whole = parameters.containsKey("default");
        if (whole == parameters.containsKey("graph")) {
            return Answer.words(400, "Name one graph.");
        }
        Node name = whole ? null : NodeFactory.createURI(parameters.get("graph"));
        Supplier<Graph> graph = () -> whole ? graphs.getDefaultGraph() : graphs.getGraph(name);
        String method = exchange.getRequestMethod();
        if (method.equals("GET") || method.equals("HEAD")) {
            return Txn.calculateRead(dataset, () -> {
                if (!whole && graph.get().isEmpty()) {
                    return Answer.words(404, "There is no such graph.");
                }
                var content = new ByteArrayOutputStream();
                RDFDataMgr.write(content, graph.get(), Lang.NTRIPLES);
                return new Answer(200, Lang.NTRIPLES.getHeaderString(), content.toByteArray());
            });
        }
        if (!method.equals("PUT") && !method.equals("POST") && !method.equals("DELETE")) {
            return Answer.words(405, "Only GET, HEAD, PUT, POST and DELETE.");
        }
        byte[] body = exchange.getRequestBody().readAllBytes();
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        Lang lang = type == null ? Lang.TURTLE : RDFLanguages.contentTypeToLang(ContentType.create(type));
        if (lang == null || !RDFLanguages.isTriples(lang)) {
            return Answer.words(415, "Only triples.");
        }
        return Txn.calculateWrite(dataset, () -> {
            boolean there = whole || !graph.get().isEmpty();
            if (method.equals("DELETE") && !there) {
                return Answer.words(404, "There is no such graph.");
            }
            if (!method.equals("POST")) {
                graph.get().clear();
            }
            if (!method.equals("DELETE")) {
                RDFParser.source(new ByteArrayInputStream(body)).lang(lang).parse(graph.get());
            }
            return Answer.empty(there ? 204 : 201);
        });
    }

    /** Quads go where they say. */
    static Answer quads(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        Lang lang = type == null ? null : RDFLanguages.contentTypeToLang(ContentType.create(type));
        if (lang == null || !RDFLanguages.isQuads(lang)) {
            return Answer.words(415, "Only quads, or name one graph.");
        }
        Txn.executeWrite(dataset, () -> RDFParser.source(new ByteArrayInputStream(body)).lang(lang).parse(dataset));
        return Answer.empty(204);
    }

    /** Those of the address, and those of a form; the body under the name that its type stands for. */
    static Map<String, String> parameters(HttpExchange exchange) throws IOException {
        var found = new HashMap<String, String>();
        read(exchange.getRequestURI().getRawQuery(), found);
        String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")).split(";")[0].strip();
        if (type.equals("application/x-www-form-urlencoded")) {
            read(text(exchange), found);
        } else if (type.equals("application/sparql-query") || type.equals("application/sparql-update")) {
            found.put(type.substring("application/sparql-".length()), text(exchange));
        }
        return found;
    }

    static String text(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }

    static void read(String form, Map<String, String> found) {
        for (String pair : form == null ? new String[0] : form.split("&")) {
            String[] parts = pair.split("=", 2);
            found.put(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
        }
    }

    static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
