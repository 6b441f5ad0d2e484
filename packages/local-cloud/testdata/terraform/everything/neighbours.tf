resource "google_project_service" "run" {
  service            = "run.googleapis.com"
  disable_on_destroy = false
}

resource "google_secret_manager_secret" "password" {
  secret_id   = "password"
  labels      = { team = "shop", stage = tostring(var.stage) }
  annotations = { owner = "shop" }
  replication {
    auto {}
  }
}

resource "google_secret_manager_secret" "placed" {
  secret_id       = "placed"
  version_aliases = var.stage == 1 ? {} : { current = 1 }
  replication {
    user_managed {
      replicas {
        location = "us-central1"
      }
      replicas {
        location = "us-east1"
      }
    }
  }
}

resource "google_secret_manager_secret_version" "password" {
  secret      = google_secret_manager_secret.password.id
  secret_data = "hunter-1"
}

resource "google_secret_manager_secret_version" "placed" {
  secret      = google_secret_manager_secret.placed.id
  secret_data = "hunter-${var.stage}"
  enabled     = var.stage == 1
}

resource "google_storage_bucket" "plain" {
  name     = "demo-plain"
  location = "US"
}

resource "google_storage_bucket" "full" {
  name                        = "demo-full"
  location                    = "us-central1"
  storage_class               = "NEARLINE"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true
  labels                      = { stage = tostring(var.stage) }

  versioning {
    enabled = var.stage == 1
  }
  soft_delete_policy {
    retention_duration_seconds = 0
  }
  lifecycle_rule {
    condition {
      age                = 30 * var.stage
      num_newer_versions = 3
    }
    action {
      type = "Delete"
    }
  }
  cors {
    origin          = ["https://shop.example"]
    method          = ["GET"]
    response_header = ["etag"]
    max_age_seconds = 600
  }
  website {
    main_page_suffix = "index.html"
  }
}

resource "google_storage_bucket_object" "graph" {
  bucket        = google_storage_bucket.full.name
  name          = "graphs/shop.graphql"
  content       = "type Query { stage${var.stage}: Int }"
  content_type  = "text/plain"
  cache_control = "no-store"
  metadata      = { stage = tostring(var.stage) }
}

resource "google_artifact_registry_repository" "images" {
  location      = "us-central1"
  repository_id = "images"
  format        = "DOCKER"
  description   = "Images of the shop, stage ${var.stage}"
  labels        = { team = "shop" }

  dynamic "docker_config" {
    for_each = var.stage == 1 ? [] : [true]
    content {
      immutable_tags = docker_config.value
    }
  }
  cleanup_policies {
    id     = "old"
    action = "DELETE"
    condition {
      tag_state  = "UNTAGGED"
      older_than = "2592000s"
    }
  }
}
