resource "google_cloud_run_v2_service_iam_member" "plain" {
  name     = google_cloud_run_v2_service.plain.name
  location = "us-central1"
  role     = "roles/run.invoker"
  member   = var.stage == 1 ? "allUsers" : "user:ann@shop.example"
}

resource "google_cloud_run_v2_service_iam_binding" "full" {
  name     = google_cloud_run_v2_service.full.name
  location = "us-central1"
  role     = "roles/run.invoker"
  members  = var.stage == 1 ? ["user:ann@shop.example"] : ["user:ann@shop.example", "group:all@shop.example"]
}

data "google_iam_policy" "viewers" {
  binding {
    role    = "roles/run.viewer"
    members = ["user:ann@shop.example"]
  }
  binding {
    role    = "roles/run.invoker"
    members = ["user:bob-${var.stage}@shop.example"]
  }
}

resource "google_cloud_run_v2_service_iam_policy" "manual" {
  name        = google_cloud_run_v2_service.manual.name
  location    = "us-central1"
  policy_data = data.google_iam_policy.viewers.policy_data
}

resource "google_cloud_run_v2_job_iam_member" "plain" {
  name     = google_cloud_run_v2_job.plain.name
  location = "us-central1"
  role     = "roles/run.invoker"
  member   = "user:ann-${var.stage}@shop.example"
}

resource "google_cloud_run_v2_job_iam_policy" "full" {
  name        = google_cloud_run_v2_job.full.name
  location    = "us-central1"
  policy_data = data.google_iam_policy.viewers.policy_data
}

resource "google_cloud_run_v2_worker_pool_iam_binding" "plain" {
  name     = google_cloud_run_v2_worker_pool.plain.name
  location = "us-central1"
  role     = "roles/run.viewer"
  members  = ["user:ann-${var.stage}@shop.example"]
}

resource "google_cloud_run_service_iam_member" "plain" {
  service  = google_cloud_run_service.plain.name
  location = "us-central1"
  role     = "roles/run.invoker"
  member   = "allUsers"
}

resource "google_secret_manager_secret_iam_member" "password" {
  secret_id = google_secret_manager_secret.password.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:runner-${var.stage}@demo.iam.gserviceaccount.com"
}

resource "google_storage_bucket_iam_member" "full" {
  bucket = google_storage_bucket.full.name
  role   = "roles/storage.objectViewer"
  member = "user:ann-${var.stage}@shop.example"
}

resource "google_artifact_registry_repository_iam_member" "images" {
  location   = "us-central1"
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.reader"
  member     = "user:ann-${var.stage}@shop.example"
}
