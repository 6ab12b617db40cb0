// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.deploy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;
import org.apache.flink.kubernetes.operator.api.FlinkSessionJob;

/**
 * Reads manifests into the types of Kubernetes and of the Flink operator, and refuses what they
 * don't know, as {@code kubectl apply --validate=strict} does: their own annotations would let
 * unknown keys pass, because a newer server may send some.
 */
final class StrictManifests {

    private static final Map<String, Class<? extends HasMetadata>> KINDS =
            Map.of(
                    "v1/Secret", Secret.class,
                    "v1/ConfigMap", ConfigMap.class,
                    "v1/PersistentVolumeClaim", PersistentVolumeClaim.class,
                    "v1/Service", Service.class,
                    "apps/v1/Deployment", Deployment.class,
                    "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
                    "flink.apache.org/v1beta1/FlinkDeployment", FlinkDeployment.class,
                    "flink.apache.org/v1beta1/FlinkSessionJob", FlinkSessionJob.class);

    private static final ObjectMapper MAPPER =
            new ObjectMapper()
                    .setAnnotationIntrospector(new NothingIgnored())
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private StrictManifests() {}

    /**
     * The manifest as its type.
     *
     * @throws JsonProcessingException it has a key or value that its kind doesn't know
     */
    static HasMetadata read(JsonNode manifest) throws JsonProcessingException {
        String kind = manifest.path("apiVersion").asText() + "/" + manifest.path("kind").asText();
        Class<? extends HasMetadata> type = KINDS.get(kind);
        if (type == null) {
            throw new IllegalArgumentException("no type known for " + kind);
        }
        return MAPPER.treeToValue(manifest, type);
    }

    /** What the operator's custom resource definition says against the manifest. */
    static Set<ValidationMessage> againstDefinition(JsonNode manifest) {
        String plural = manifest.path("kind").asText().toLowerCase(Locale.ROOT) + "s";
        String definition = "/META-INF/fabric8/" + plural + ".flink.apache.org-v1.yml";
        try (InputStream in = FlinkDeployment.class.getResourceAsStream(definition)) {
            JsonNode version = new YAMLMapper().readTree(in).at("/spec/versions/0");
            JsonSchema schema =
                    JsonSchemaFactory.getInstance(VersionFlag.V4)
                            .getSchema(version.at("/schema/openAPIV3Schema"));
            return schema.validate(manifest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class NothingIgnored extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }

        @Override
        public JsonIgnoreProperties.Value findPropertyIgnoralByName(
                MapperConfig<?> config, Annotated annotated) {
            return super.findPropertyIgnoralByName(config, annotated).withoutIgnoreUnknown();
        }
    }
}
